"""Whole laws a second time: from returns to seats in fractions, without NumPy, written from the texts of the laws.

`count` takes a case told in plain dictionaries (`oracle.cases.plain`) and the values of a rule book (its resolved
tables), so that an amended law can be compared too; how the values are used stands in the modules beside this one, law by
law, with the article. Ties are followed as the law says and what it leaves open is a `Question`.
"""

from collections.abc import Mapping
from typing import Any

from oracle.ballots import Counted, Figures, Question, add_up, districts, options, turnout_doubtful, turnout_fails
from oracle.kazakhstan import kazakh_district, kazakh_lists, majority, most_votes, question, standing
from oracle.lists import national_lists, spanish_congress
from oracle.matrix import biproportional_districts
from oracle.tiers import czech_regions, norwegian

__all__ = ["Counted", "Question", "count"]


def count(law: str, tables: Mapping[str, Any], case: Mapping[str, Any]) -> Counted:
    """Count one case under one law.

    Args:
        law: its id, which chooses the rules of this module.
        tables: the rule book's values on the polling day.
        case: see `oracle.cases.plain`.
    """
    out = Counted()
    papers = {c["id"]: c for c in tables["contest"]}
    tiers = {t["id"]: t for t in tables["tier"]}
    for contest in _held(papers, case):
        paper = papers.get(contest) or papers[contest.rpartition("-")[0]]
        places = districts(case, paper)
        totals = add_up(case, contest)
        if not any(options(totals.get(u, {})) for u in places):
            _declared(out, case, contest, paper)
            continue
        _paper(out, law, tiers, case, contest, paper, places, totals)
        _fill_in(out, case, contest, places, totals)
    return out


def _held(papers: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    further = [c for c, _ in case["returns"] if c not in papers]
    return list(dict.fromkeys([*(p for p in papers if not any(f.startswith(f"{p}-") for f in further)), *further]))


def _declared(out: Counted, case: Any, contest: str, paper: Any) -> None:
    rows = [row for row in case["declared"] if row[0] == contest]
    if paper["ballot"] == "question":
        said = [option for _, unit, option, seats in rows if not unit and seats]
        out.answers[contest] = ("adopted" if said[0] == "yes" else "rejected") if said else None
        out.missing = out.missing or not said
        return
    told = {unit for _, unit, _, _ in rows}
    out.missing = out.missing or not rows or ("" not in told and not set(districts(case, paper)) <= told)
    for _, unit, option, seats in rows:
        out.give(contest, unit, {option: seats})


def _fill_in(out: Counted, case: Any, contest: str, places: list[str], totals: Any) -> None:
    """Declared seats stand where a district has no votes, or its count is open."""
    for unit in places:
        rows = [(o, n) for c, u, o, n in case["declared"] if (c, u) == (contest, unit)]
        asked = {q for q in out.open if (q.contest, q.unit) == (contest, unit)}
        if rows and (asked or not options(totals.get(unit, {}))) and contest not in out.answers:
            out.seats[contest, unit] = dict(rows)
            out.open -= asked
        elif not options(totals.get(unit, {})) and contest not in out.answers:
            out.missing = True


def _paper(
    out: Counted, law: str, tiers: Any, case: Any, contest: str, paper: Any, places: list[str], totals: Any
) -> None:
    mine = {t["id"]: t for t in tiers.values() if t["contest"] == paper["id"]}
    tier = next(iter(mine.values()))
    reporting = [u for u in places if options(totals.get(u, {}))]
    if paper["ballot"] == "question":
        question(out, tier, case, contest, places, totals)
    elif law == "no/storting":
        norwegian(out, mine, case, contest, places, totals)
    elif law == "cz/chamber":
        czech_regions(out, mine, case, contest, reporting, totals)
    elif tier["formula"]["method"] == "biproportional":
        biproportional_districts(out, tier, case, contest, places, totals)
    elif law == "es/congress":
        spanish_congress(out, tier, case, contest, places, totals)
    elif paper["ballot"] == "list" and not law.startswith("kz/"):
        national_lists(out, tier, case, contest, totals[""])
    else:
        for unit in reporting:
            _district(out, law, tier, case, contest, paper, unit, totals[unit])


def _district(
    out: Counted, law: str, tier: Any, case: Any, contest: str, paper: Any, unit: str, figures: Figures
) -> None:
    own = case["units"].get(unit, {}).get("seats", {}).get(contest)
    seats = own if tier["seats"].get("column") and own is not None else tier["seats"].get("value")
    local = bool(paper.get("level"))
    out.missing |= turnout_doubtful(tier.get("turnout"), figures)
    if turnout_fails(tier.get("turnout"), figures):
        votes = standing(case, contest, unit, figures, local)
        if tier["turnout"].get("otherwise", "invalid") == "invalid":
            out.void.add(contest)
        else:  # art. 80 (Senate of Kazakhstan); the reports on Mongolia's law of 2019
            out.ask(contest, unit, tier["turnout"]["otherwise"], votes, seats)
    elif paper["ballot"] == "list":
        kazakh_lists(out, tier, case, contest, unit, figures, seats)
    elif "majority" in tier:
        majority(out, tier, case, contest, unit, figures, local, seats)
    elif law.startswith("kz/"):
        kazakh_district(out, tier, case, contest, unit, figures)
    else:
        # Law of 2019 art. 74 (Mongolia): the first M; LOREG art. 166 (Spain): those with most votes.
        most_votes(out, contest, unit, standing(case, contest, unit, figures, local), seats, lambda *_: "district")
