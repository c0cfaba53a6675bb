"""Protocol forms: the law's relations, on columns; what the paper says is kept, whatever it says."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from oracle.cases import Row, case, votes
from sailau.rulebook import BadInput, books, load
from sailau.rulebook.book import read
from sailau.rulebook.forms import Form, form_of
from sailau.rulebook.lines import COMMON_LINES
from sailau.tabulation import tabulate
from sailau.tabulation.forms import DEFAULT, checks_of
from sailau.wording import say_finding
from sailau.wording.language import LANGUAGES

DAY = "2023-03-19"
PARTIES = [{"party": p} for p in "ab"]
UNITS = [{"unit": "d", "level": "district"}, *({"unit": f"p{n}", "parent": "d", "level": "precinct"} for n in (1, 2))]
CLEAN = {
    "a": 60,
    "b": 20,
    "@against_all": 10,
    "@valid": 90,
    "@invalid": 5,
    "@cast": 95,
    "@issued": 96,
    "@issued_by_members": 96,
    "@cancelled": 54,
    "@received": 150,
    "@registered": 140,
    "@home": 7,
    "@home_requests": 8,
}
BROKEN = {
    "valid-differs": {"@valid": 91},
    "cast-differs": {"@invalid": 4},
    "received-differs": {"@cancelled": 55},
    "issued-by-members-differs": {"@issued_by_members": 97},
    "more-cast-than-issued": {"@issued": 94, "@issued_by_members": 94, "@cancelled": 56},
    "more-issued-than-registered": {"@registered": 95},
    "more-home-than-requested": {"@home": 9},
    "more-home-than-cast": {"@home": 96, "@home_requests": 96},
}
"""Code → what makes a clean protocol break this relation and no other."""


def codes(rows: list[Row]) -> list[str]:
    election = case("kz/mazhilis", DAY, rows, units=UNITS, parties=PARTIES)
    return [f.code for f in tabulate(election, election.own_law()).findings]


def test_a_clean_protocol_breaks_nothing() -> None:
    assert codes(votes("list", CLEAN, "p1")) == []


@pytest.mark.parametrize("code", BROKEN)
def test_each_relation_is_noted_by_its_own_code(code: str) -> None:
    assert codes(votes("list", CLEAN | BROKEN[code], "p1") + votes("list", CLEAN, "p2")) == [code]


def test_more_ballots_than_voters_are_noted_where_the_ballots_issued_are_not_known() -> None:
    without = {k: v for k, v in CLEAN.items() if k not in ("@issued", "@issued_by_members", "@cancelled", "@received")}
    assert codes(votes("list", without | {"@registered": 94}, "p1")) == ["more-cast-than-registered"]
    assert (
        codes(votes("list", CLEAN | {"@registered": 94, "@issued": 94}, "p1")).count("more-cast-than-registered") == 0
    )


def test_ballots_issued_for_two_votes_at_one_station_are_compared() -> None:
    election = case(
        "kz/mazhilis",
        DAY,
        votes("list", CLEAN, "p1") + votes("single", CLEAN | {"@issued": 95, "@cancelled": 55, "@home": 6}, "p1"),
        units=UNITS,
        parties=PARTIES,
    )
    law = election.own_law()
    findings = tabulate(election, law).findings
    assert [f.code for f in findings] == ["issued-by-members-differs", "issued-differs-between-ballots"]
    assert findings[1].values == {"found": 95, "expected": 96, "other": "list"}
    for language in LANGUAGES:
        assert "95" in say_finding(findings[1], language, election, law)


def test_a_broken_figure_is_kept_as_the_paper_has_it() -> None:
    election = case("kz/mazhilis", DAY, votes("list", CLEAN | {"@home": 9}, "p1"), units=UNITS, parties=PARTIES)
    totals = tabulate(election, election.own_law()).of("list")
    assert totals is not None
    assert totals.figure("p1", "@home") == 9


def test_forms_of_shipped_laws_say_at_least_what_holds_in_every_protocol() -> None:
    """Where a case has common lines only, the form is not read: then it must say the same."""
    shared = {c.code: (c.left, c.sign) for c in DEFAULT.checks}
    for name in books():
        law = load(name).on(load(name).days[-1])
        if "form" in law.book.own and not name.startswith("kz/"):
            continue
        for contest in law.contests:
            form = form_of(law, contest)
            if form is None:
                continue
            checks = {c.code: (c.left, c.sign) for c in checks_of(form).checks}
            common = {code: rule for code, rule in checks.items() if set(rule[0]) <= set(COMMON_LINES)}
            assert {code: common[code] for code in shared} == shared, name


def test_every_line_and_relation_of_a_law_has_its_texts_and_article() -> None:
    for name in books():
        for day in load(name).days:
            for form in load(name).on(day).section("form"):
                assert set(form.title or {}) == set(LANGUAGES), name
                for line in form.line:
                    assert line.cite, (name, line.id)
                    assert set(line.title or {}) == set(LANGUAGES), (name, line.id)
                for relation in form.relation:
                    assert relation.cite, (name, relation.id)
                    assert set(relation.meaning or {}) == set(relation.action or {}) == set(LANGUAGES), relation.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'relation = [{ id = "x", left = ["@cast"], right = ["@home"], cite = "EC 1" }]',
            "a line of the form for @home",
        ),
        ('relation = [{ id = "x", left = ["@cast"], cite = "EC 1" }]', "a right side"),
        ('relation = [{ id = "x", left = ["@cast"], is = "same", hides = ["y"] }]', "a relation of the form for y"),
        ('relation = [{ id = "X", left = ["@cast"], is = "same" }]', "match"),
    ],
)
def test_a_form_that_does_not_hold_together_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    table = tomllib.loads(f'id = "protocol"\nline = [{{ id = "@cast" }}]\n{text}')
    with pytest.raises(ValueError, match=expected):
        Form.model_validate(table)
    shipped = load("ge/parliament")
    own = shipped.parts[shipped.path.name].replace('include = ["part-sources.toml"]', "")
    (tmp_path / "law.toml").write_text(
        f'{own}\n[sources.EC]\ntitle.en = "c"\n[sources.CEC]\ntitle.en = "c"\n[[form]]\nid = "protocol"\n'
        f'line = [{{ id = "@cast" }}]\n{text}\n'
    )
    law = read(tmp_path / "law.toml").on(date(2024, 10, 26))
    with pytest.raises(BadInput) as refused:
        law.section("form")
    assert refused.value.faults[0].file == "law.toml"
    assert refused.value.faults[0].line > 0
