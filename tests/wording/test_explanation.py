"""Explanations as a reader meets them: the tone, options by name, many districts, doubts, what-ifs."""

import re

import pytest

from sailau.counting import compile, count
from sailau.election import open_case
from sailau.wording import explain, say_question, say_status, say_whatif
from sailau.wording.asked_for import known_options, resolve_option
from sailau.wording.language import LANGUAGES
from sailau.wording.layout import WIDTH
from wording.elections import changed, counted, lists, outcomes, shipped_outcome

TONE = """\
Auyl – 8 of 69 list seats
  1  693,938 of 6,366,441 valid votes = 10.90 %, at least 5 %: takes part           Elections Law art. 97-1(1), 43(5)
  2  quota = 5,971,719 ÷ 69 = 86,546.65                                             art. 97-1(3)
  3  693,938 ÷ quota = 8.018: 8 seats, remainder 0.018                              art. 97-1(3)
  4  2 seats are left; remainders: NSDP 0.825 ✓, Amanat 0.649 ✓, … Auyl 0.018       art. 97-1(4)
     All else equal: 37,692 more votes would win 1 more seat; 61,124 votes fewer would lose 1 seat"""

RUSSIAN = """\
«Ауыл» — 8 из 69 мандатов по партийным спискам
  1  693 938 из 6 366 441 действительного голоса = 10,90 %, не менее 5 %: участвует в распределении
  2  квота = 5 971 719 ÷ 69 = 86 546,65
  3  693 938 ÷ квота = 8,018: 8 мандатов, остаток 0,018"""

KAZAKH = """\
«Ауыл» – партиялық тізім бойынша 69 мандаттан 8
  1  6 366 441 жарамды дауыстың ішінен 693 938 = 10,90 %, кемінде 5 %: мандат бөлуге қатысады
  2  квота = 5 971 719 ÷ 69 = 86 546,65
  3  693 938 ÷ квота = 8,018: 8 мандат, қалдық 0,018"""


def plain(text: str) -> str:
    """Return a text with ordinary spaces and without the column of articles, each sentence on one line."""
    spaced = text.replace("\u202f", " ").replace("\u00a0", " ")
    lines: list[str] = []
    for line in spaced.splitlines():
        body = line[:82].rstrip()
        if lines and re.match(r" {5}\S", body) and not body.lstrip().startswith(("✓", "–")):
            lines[-1] += f" {body.strip()}"
        else:
            lines.append(body)
    return "\n".join(lines)


def test_97_1_every_seat_of_a_list_is_explained_by_article() -> None:
    assert explain(shipped_outcome("mazhilis-2023"), "auyl") == TONE


@pytest.mark.parametrize(("language", "text"), [("ru", RUSSIAN), ("kk", KAZAKH)])
def test_the_same_in_russian_and_kazakh(language: str, text: str) -> None:
    said = plain(explain(shipped_outcome("mazhilis-2023"), "auyl", language))
    assert said.startswith(text)


def test_articles_are_said_in_the_language() -> None:
    outcome = shipped_outcome("mazhilis-2023")
    assert "Закон о выборах, ст. 97-1(1)," in explain(outcome, "auyl", "ru")
    assert "Сайлау туралы заң, 97-1(1)," in explain(outcome, "auyl", "kk")
    assert "97-1(3)-бап\n" in explain(outcome, "auyl", "kk")


def test_a_list_under_the_bar_hears_no_quota() -> None:
    text = explain(shipped_outcome("mazhilis-2023"), "baytaq")
    assert text.startswith("Baytaq – 0 of 69 list seats\n")
    assert "146,431 of 6,366,441 valid votes = 2.30 %, less than 5 %: takes no part" in text
    assert "quota" not in text
    assert "180,938 more votes would win 3 more seats" in text


def test_a_party_hears_of_its_list_and_of_its_districts() -> None:
    text = explain(shipped_outcome("mazhilis-2023"), "amanat")
    assert text.startswith("Amanat – 62 of 98 seats\n\nAmanat – 40 of 69 list seats\n")
    assert "Amanat – 22 of 29 district seats\n  1  22 seats declared by the authority, not counted" in text


def test_self_nominated_candidates_are_explained_too() -> None:
    text = explain(shipped_outcome("mazhilis-2023"), "independent")
    assert text.startswith("Self-nominated – 7 of 29 district seats\n")


def test_the_whole_election_is_explained_at_once() -> None:
    text = explain(shipped_outcome("mazhilis-2023"))
    assert text.startswith("Kazakhstan: Mazhilis, 19 March 2023\nFinal: ")
    assert "29 seats were declared by the authority, not counted." in text
    assert "     ✓ Auyl            693,938   10.90 %\n" in text
    assert text.index("Party lists – 69 seats") < text.index("Single-member districts – 29 seats")


@pytest.mark.parametrize("name", ["Auyl", "auyl", "AUYL", "Auyl People's Democratic Patriotic Party"])
def test_an_option_can_be_called_by_its_name(name: str) -> None:
    assert resolve_option(shipped_outcome("mazhilis-2023"), name) == "auyl"


def test_an_unknown_option_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"“otan”: expected an option; one of amanat, auyl, independent, respublica"):
        explain(shipped_outcome("mazhilis-2023"), "otan")


def test_a_list_of_many_districts_has_a_section_where_it_won_or_came_next() -> None:
    text = explain(shipped_outcome("congress-2019-04"), "vox")
    assert text.startswith("Vox – 24 of 350 list seats\n")
    outcome = shipped_outcome("congress-2019-04")
    won = [u for u, d in outcome.contests["list"].districts.items() if d.seats.get("vox")]
    headings = re.findall(r"^  \S.* – (\d+) of \d+ seats?$", text, re.MULTILINE)
    assert sum(int(n) for n in headings) == 24
    assert len([n for n in headings if n != "0"]) == len(won)
    assert 0 < headings.count("0") < 10
    assert "  Barcelona – 1 of 32 seats\n" in text
    assert "  Albacete – 0 of 4 seats\n" in text  # the first to miss a seat there
    assert "33,948 ÷ 1 = 33,948: no seat; the smallest quotient with a seat is 37,502.50" in text
    assert "Araba" not in text


def test_levelling_seats_have_their_own_section_and_places() -> None:
    text = explain(shipped_outcome("storting-2021"), "v")
    assert text.startswith("Venstre – 8 of 169 list seats (districts 3, levelling 5)\n")
    assert "25,393 ÷ 1.4 = 18,137.86: 1 seat" in text
    assert text.count("the levelling seat of") == 5
    assert text.count("share 8 of 86 seats") == 1  # the last of three rounds
    assert "takes no part" in explain(shipped_outcome("storting-2021"), "mdg")


def test_many_districts_have_a_line_each_and_a_page_on_request() -> None:
    outcome = shipped_outcome("congress-2019-04")
    text = explain(outcome)
    assert "     Barcelona: PSOE 9, ERC 8, ECP 6, Ciudadanos-Partido de la Ciudadanía 4, JxCat" in text
    assert explain(outcome, width=400).count("the last seat was won with") == 52
    page = explain(outcome, "Barcelona")
    assert page.startswith("Barcelona\n  Party lists\n  1  to take part: at least 3 % of valid votes (3,120,441)")


def test_a_candidate_hears_how_far_the_seat_was() -> None:
    outcome = shipped_outcome("akims-2023")
    text = explain(outcome, "serik-shaimergenov")
    assert text.startswith("Serik Shaimergenov – not elected (Yesil District)\n")
    assert "1,630 votes, Mereke Mukhamediyarov has 8,419 and is elected (2 stand)" in text
    assert "6,790 more votes would have won the seat" in text
    elected = explain(outcome, "mereke-mukhamediyarov")
    assert "8,419 votes, the most of 2 who stand: elected" in elected


def test_a_question_is_answered_with_turnout_majority_and_regions() -> None:
    text = explain(shipped_outcome("referendum-2026"))
    assert "Question – adopted" in text
    assert "“Yes”: 7,954,667 of 9,127,192 ballots cast = 87.15 %, more than 50 %: enough" in text
    assert "“Yes” won in 20 of 20 regions, at least 2/3 of them: enough" in text
    assert "20 answers" in text


def test_open_second_rounds_are_told_once_by_district_and_once_in_all() -> None:
    text = explain(shipped_outcome("seimas-2016"))
    assert "Naujamiesčio: a second round is due: Žygimantas Pavilionis (TSLKD) 11,486," in text
    assert "Single-member districts: a second round is due; 68 seats open" in text
    assert "… and" in text[text.index("Notes") :]


def test_a_doubt_is_told_once_with_the_note_of_the_rule_book() -> None:
    text = explain(shipped_outcome("referendum-1995-april"))
    assert text.count("unverified: The rule of the later law, applied to the votes of 1995") == 1
    assert "unverified" not in explain(shipped_outcome("mazhilis-1999"), "otan")


def test_a_what_if_says_that_it_is_none_of_the_law() -> None:
    outcome = changed("mazhilis-2023", {"list.threshold.share": "7%"})
    assert say_whatif(outcome) == "What if, not the law: threshold (list seats): 7 % (the law says 5 %)."
    assert say_whatif(outcome, "ru") == (
        "Предположение, не закон: барьер (мандаты по партийным спискам): 7\u00a0% (по закону 5\u00a0%)."
    )
    assert say_whatif(outcome) in explain(outcome)
    assert "at least 7 %" in explain(outcome, "amanat")
    assert say_whatif(shipped_outcome("mazhilis-2023")) == ""


def test_97_1_4_a_gap_in_the_law_is_asked_as_a_question() -> None:
    outcome = dict(outcomes())["gap in the law"]
    (asked,) = outcome.undetermined
    assert say_question(asked, outcome) == (
        "Party lists: the law has no rule: b, c; 1 seat open; nothing in the law decides it"
    )
    assert say_status(outcome) == "Undetermined: votes and law leave something open. 1 question is open."


def test_97_1_4_whoever_is_tied_hears_of_the_open_question() -> None:
    outcome = dict(outcomes())["gap in the law"]
    assert "Open questions\n     Party lists: the law has no rule: b, c; 1 seat open;" in explain(outcome, "b")
    assert "Open questions" not in explain(outcome, "a")


def test_a_lot_and_an_authority_are_told_with_day_and_source() -> None:
    text = explain(dict(outcomes())["authority"], "c")
    assert "decided by the authority: c, among b, c (2023-03-21, Resolution 1)" in text


def test_a_vote_below_the_bar_never_looks_like_the_bar() -> None:
    outcome = counted(lists({"a": 900_000, "b": 49_999, "c": 50_001}, {"@against_all": 0}))
    assert "49,999 of 1,000,000 valid votes = 4.9999 %, less than 5 %: takes no part" in explain(outcome, "b")


def test_equal_looking_remainders_get_more_decimals() -> None:
    outcome = counted(lists({"a": 30_000_100, "b": 19_499_950, "c": 19_499_950 + 1, "d": 3_999_999}))
    line = next(line for line in explain(outcome, "b").splitlines() if "remainders" in line)
    shown = re.findall(r"\d\.\d+", explain(outcome, "b")[explain(outcome, "b").index("remainders") :])
    assert line
    assert len(set(shown[:2])) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_is_explained_in_every_language(language: str) -> None:
    for name, outcome in outcomes():
        text = explain(outcome, None, language)
        assert "{" not in text, name
        assert not re.search(r"(?<![\w@.])@\w", text), name
        wide = [w for w in text.splitlines() if len(w) > WIDTH + 12 and "   " not in w.strip()]
        assert wide == [], name


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_the_text_keeps_to_the_width(width: int) -> None:
    text = explain(shipped_outcome("mazhilis-2023"), "amanat", "en", width)
    assert max(len(line) for line in text.splitlines()) <= width


def test_everybody_with_a_seat_can_be_explained() -> None:
    for name, outcome in outcomes():
        if len(outcome.steps) < 12:
            for option in [o for o in known_options(outcome) if outcome.seats.get(o)][:4]:
                assert explain(outcome, option).strip(), (name, option)


def test_an_election_of_a_batch_is_explained_like_any_other() -> None:
    election = open_case("mazhilis-2023")
    law = election.own_law()
    plan = compile(law, election)
    votes = plan.papers["list"].votes[:, 0].tolist() + plan.papers["list"].figures[:, 0].tolist()
    votes[0] += 1_000_000
    batch = plan({"list": [votes]})
    assert "Amanat" in explain(batch.outcome(0), "amanat")
    assert explain(count(law, election), "auyl") == TONE
