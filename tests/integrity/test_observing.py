"""Observers' copies, audits and forensics: what they prove, what they do not, and the commands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from integrity.sample import PARTIES, sample_keys, sample_log, write_election
from sailau.cli.app import run
from sailau.election import Election, open_case
from sailau.integrity.audits import audit_status, draw, plan_audit
from sailau.integrity.casebook import station_figures
from sailau.integrity.forensics import examine
from sailau.integrity.observers import CopyLine, compare_copies, estimate, read_copies, sample_plan
from sailau.rulebook import BadInput


@pytest.fixture(scope="module")
def election(tmp_path_factory: pytest.TempPathFactory) -> Election:
    return open_case(str(write_election(tmp_path_factory.mktemp("e") / "case", stations=200)))


def copies_of(election: Election, stations: Iterable[str], name: str = "c") -> list[CopyLine]:
    figures = station_figures(election)
    return [CopyLine(f"{name}-{s}", s, "list", item, n) for s in stations for item, n in figures[s, "list"].items()]


def changed(lines: list[CopyLine], station: str, item: str, by: int) -> list[CopyLine]:
    return [
        CopyLine(x.copy, x.station, x.contest, x.line, (x.count or 0) + by)
        if (x.station, x.line) == (station, item)
        else x
        for x in lines
    ]


def write_copies(path: Path, lines: list[CopyLine]) -> str:
    rows = [f"{x.copy},{x.station},{x.contest},{x.line},{'?' if x.count is None else x.count}" for x in lines]
    path.write_text("\n".join(["copy,station,contest,line,count", *rows]) + "\n", encoding="utf-8")
    return str(path)


# ---------------------------------------------------------------- copies


def test_only_a_random_sample_says_something_of_the_others(election: Election) -> None:
    stations = [s for _, s in sample_plan(election, 60, "314")]
    made = compare_copies(election, copies_of(election, stations), random=True)
    assert (made.stations, made.differing, made.copies["equal"]) == (60, 0, 60)
    from sailau.integrity import most_altered

    assert made.most == most_altered(200, 60, 0.05)
    assert compare_copies(election, copies_of(election, stations)).most is None


def test_every_kind_of_copy_is_told_apart(election: Election) -> None:
    lines = copies_of(election, ["s00000", "s00001", "s00002"])
    lines = changed(lines, "s00001", "alma", 10)
    lines = [
        CopyLine(x.copy, x.station, x.contest, x.line, None) if x.station == "s00002" and x.line == "@cast" else x
        for x in lines
    ]
    lines += copies_of(election, ["s00003"])[:3]
    lines += [CopyLine("x", "s99999", "list", "alma", 1)]
    lines += changed(copies_of(election, ["s00001"], "d"), "s00001", "bulak", 1)
    made = compare_copies(election, lines)
    assert dict(made.copies) == {"equal": 1, "differs": 2, "incomplete": 2, "missing": 1}
    assert {(c.station, c.line) for c in made.conflicts} == {("s00001", "alma"), ("s00001", "bulak")}
    assert {(d.line, d.copied - d.official) for d in made.differences} == {("alma", 10), ("bulak", 1)}
    assert made.effects == ()  # copies that contradict each other change no seat


def test_what_copies_would_change_is_counted_under_the_law(election: Election) -> None:
    lines = copies_of(election, ["s00000"])
    lines = changed(changed(lines, "s00000", "alma", 30_000), "s00000", "@valid", 30_000)
    made = compare_copies(election, lines)
    assert sum(e.copied - e.official for e in made.effects) == 0
    assert (
        next(e for e in made.effects if e.option == "alma").copied
        > next(e for e in made.effects if e.option == "alma").official
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the columns"),
        ("copy,station,contest,line,count,observer\n", "and no others"),
        ("copy,station,contest,line,count\na,s,list,alma,-1\n", "line 2"),
        ("copy,station,contest,line,count\na,s,list,alma,1.5\na,,list,alma,1\n", "line 3"),
        ("copy,station,contest,line,count\na,s,list,alma,99999999999999999999\n", "line 2"),
    ],
)
def test_files_of_copies_that_cannot_be_read(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "copies.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_copies(tmp_path / "copies.csv")


def test_a_sample_is_drawn_by_region_and_by_anyone_alike(election: Election) -> None:
    drawn = sample_plan(election, 21, "2718")
    assert drawn == sample_plan(election, 21, "2718") != sample_plan(election, 21, "2719")
    assert {region: sum(r == region for r, _ in drawn) for region in ("east", "west")} in (
        {"east": 11, "west": 10},
        {"east": 10, "west": 11},
    )
    with pytest.raises(ValueError, match="201 of 200"):
        sample_plan(election, 201, "1")


def test_the_interval_of_an_estimate_covers_what_it_should(election: Election) -> None:
    """With 95 per cent confidence; 40 samples, and noise of 2.5 standard deviations."""
    votes = {p: sum(row.get(p, 0) for row in station_figures(election).values()) for p in PARTIES}
    true = votes["alma"] / sum(votes.values())
    hits = 0
    for n in range(40):
        made = estimate(election, "list", copies_of(election, [s for _, s in sample_plan(election, 30, str(n))]))
        first = next(e for e in made.estimates if e.option == "alma")
        hits += abs(first.share - true) <= first.half
    assert hits >= 40 * 0.95 - 2.5 * (40 * 0.95 * 0.05) ** 0.5
    assert (made.population, made.reported) == (200, 30)
    assert first.seats is not None
    assert first.seats[0] <= 72 <= first.seats[1]


# ---------------------------------------------------------------- audits


def test_an_audit_without_an_error_ends_with_its_first_sample(election: Election) -> None:
    audit = plan_audit(election)
    assert audit.claims
    assert audit.open == ()
    assert audit.first_sample >= max(1, audit.claims[0].sum)
    drawn = draw(audit, "31415")
    assert drawn == draw(audit, "31415") != draw(audit, "31416")
    recount = copies_of(election, set(drawn))
    status = audit_status(election, audit, "31415", recount)
    assert (status.decision, status.waiting, status.discrepancies) == ("confirmed", (), ())
    assert max(status.p) <= 0.05
    part = audit_status(election, audit, "31415", [x for x in recount if x.station != drawn[-1]])
    assert part.decision == "go-on"
    assert part.waiting == (drawn[-1],)


def test_an_error_makes_an_audit_go_on_and_a_large_one_makes_it_full(election: Election) -> None:
    audit = plan_audit(election)
    drawn = draw(audit, "31415")
    one = audit.claims[0].options[audit.claims[0].assertion.first]
    other = audit.claims[0].options[audit.claims[0].assertion.second or 0]
    recount = copies_of(election, set(drawn))
    small = changed(changed(recount, drawn[0], one, -3), drawn[0], other, 3)
    status = audit_status(election, audit, "31415", small)
    assert status.decision == "go-on"
    assert status.needed is not None
    assert status.needed > len(drawn)
    assert {(d.line, d.recounted - d.announced) for d in status.discrepancies} == {(one, -3), (other, 3)}
    illegible = [
        CopyLine(x.copy, x.station, x.contest, x.line, None) if x.station == drawn[0] and x.line == one else x
        for x in recount
    ]
    assert audit_status(election, audit, "31415", illegible).decision == "full-recount"


def test_the_risk_limit_of_an_audit_by_stations_holds() -> None:
    """Of audits of an announced winner who lost by one vote, at most 5 % (and noise) may confirm it."""
    from sailau.integrity import batch_bounds, batch_first_sample, batch_p

    true = np.tile([50, 50], (40, 1)) + np.array([[0, 0]] * 39 + [[-1, 0]])
    told = true.copy()
    told[:20] += [12, -12]
    margin = int(told[:, 0].sum() - told[:, 1].sum())
    bounds = batch_bounds(told, true.sum(axis=1) + 2)
    total, chance = float(bounds.sum()), np.random.default_rng(1)
    taints = ((told - true) @ [1, -1]) / margin / bounds
    size = 3 * batch_first_sample(total, 0.05)
    confirmed = 0
    for _ in range(2000):
        drawn = taints[chance.choice(40, size, p=bounds / total)]
        steps = np.cumsum(np.log(1 - 1 / total) - np.log1p(-drawn))
        confirmed += float(steps.min()) <= np.log(0.05)
        assert batch_p(drawn, total) == pytest.approx(min(1.0, float(np.exp(steps[-1]))))
    assert confirmed <= 2000 * 0.05 + 2.5 * (2000 * 0.05 * 0.95) ** 0.5


def test_the_cheaper_level_needs_less_and_ties_are_said(tmp_path: Path, election: Election) -> None:
    assert plan_audit(election, level="quota").sum < plan_audit(election).sum
    folder = write_election(tmp_path / "tied", stations=2)
    rows = (folder / "returns.csv").read_text(encoding="utf-8").splitlines()
    tied = [
        rows[0],
        *(f"s0000{n},list,{i},{c}" for n in (0, 1) for i, c in (("alma", 100), ("bulak", 100), ("@cast", 200))),
    ]
    (folder / "returns.csv").write_text("\n".join(tied) + "\n", encoding="utf-8")
    audit = plan_audit(open_case(str(folder)))
    assert ("list", "", "tied") in audit.open
    with pytest.raises(ValueError, match="above 0"):
        plan_audit(election, Fraction(0))


# ---------------------------------------------------------------- forensics


def test_an_election_without_a_fault_has_few_leads_and_planted_ones_are_found(
    tmp_path: Path, election: Election
) -> None:
    clean = examine(election)
    assert len(clean.leads) <= 10
    assert all(
        t.false_alarms is None or t.false_alarms <= 0.05 + 2.5 * (0.05 * 0.95 / 40) ** 0.5 for t in clean.tests["list"]
    )
    folder = write_election(tmp_path / "case", stations=200)
    text = (folder / "returns.csv").read_text(encoding="utf-8")
    lines = [line.split(",") for line in text.splitlines()]
    figures = {(u, i): n for u, _, i, n in lines[1:]}
    for row in lines[1:]:
        if row[0] == "s00007":
            row[3] = figures["s00008", row[2]]
        if row[0] == "s00009" and row[2] in ("alma", "bulak"):
            row[3] = figures["s00009", {"alma": "bulak", "bulak": "alma"}[row[2]]]
        if row[0] == "s00011" and row[2] == "@cast":
            row[3] = str(int(row[3]) + 9)
    (folder / "returns.csv").write_text("\n".join(",".join(row) for row in lines) + "\n", encoding="utf-8")
    made = examine(open_case(str(folder)))
    reasons = {(x.station, x.reason) for x in made.leads}
    assert {("s00008", "same-protocol"), ("s00009", "outlier-share"), ("s00011", "sums")} <= reasons
    assert made == examine(open_case(str(folder)))


# ---------------------------------------------------------------- the commands


def test_the_commands_of_observers(tmp_path: Path, election: Election, capsys: pytest.CaptureFixture[str]) -> None:
    case = str(write_election(tmp_path / "case", stations=60))
    own = open_case(case)
    assert run(["observe", "plan", case, "--size", "12", "--seed", "7", "--json"]) == 0
    stations = [row["station"] for row in json.loads(capsys.readouterr().out)["stations"]]
    good = write_copies(tmp_path / "good.csv", copies_of(own, stations))
    assert run(["observe", "compare", case, good, "--random"]) == 0
    assert "At most" in capsys.readouterr().out
    assert run(["observe", "estimate", case, good, "--contest", "list", "--lang", "kk"]) == 0
    assert "60 учаскенің 12" in capsys.readouterr().out
    bad = write_copies(tmp_path / "bad.csv", changed(copies_of(own, stations), stations[0], "alma", 1))
    assert run(["observe", "compare", case, bad, "--lang", "ru"]) == 1
    assert "О других участках вывода нет" in capsys.readouterr().out
    assert run(["observe", "plan", case, "--size", "61", "--seed", "7"]) == 2
    assert capsys.readouterr().err == "--size: found 61 of 60 stations; expected at least one and at most all\n"


def test_the_commands_of_an_audit_from_plan_to_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sailau.integrity.founding import write_keys

    log, own, _ = sample_log(tmp_path, stations=60)
    write_keys(sample_keys(), tmp_path / "keys")
    secret, folder = ["--keys", str(tmp_path / "keys")], str(log.folder)
    assert run(["audit", "seed", folder, "314", *secret]) == 2
    assert "the plan comes first" in capsys.readouterr().err
    assert run(["audit", "plan", folder, "--risk", "10%", "--log", folder, *secret]) == 0
    assert run(["log", "checkpoint", folder, *secret]) == 0
    assert run(["audit", "seed", folder, "314", *secret]) == 0
    capsys.readouterr()
    assert run(["audit", "draw", folder, "--seed", "314", "--risk", "10%", "--json"]) == 0
    drawn = json.loads(capsys.readouterr().out)["drawn"]
    recount = write_copies(tmp_path / "recount.csv", copies_of(own, dict.fromkeys(drawn)))
    assert run(["audit", "enter", folder, recount, *secret]) == 0
    assert run(["audit", "status", folder, recount, "--seed", "314", "--risk", "10%", "--trusted", "copies"]) == 0
    shown = capsys.readouterr().out
    assert "the count itself is not audited" in shown
    assert "Confirmed" in shown
    assert run(["log", "checkpoint", folder, *secret]) == 0
    assert run(["verify", folder]) == 0


def test_forensics_says_its_limits_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = str(write_election(tmp_path / "case", stations=60))
    assert run(["forensics", case, "--density"]) == 0
    assert capsys.readouterr().out.startswith("This is a list of where to look first, not a verdict")
    for name in ("a", "b"):
        assert run(["forensics", case, "--to", str(tmp_path / f"{name}.html")]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert run(["forensics", case, "--json", "--second-digits"]) == 0
    assert "second-digit" in capsys.readouterr().out
