"""Where to look first: planted faults of every kind are found with their reason, and few stations of a clean election are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from integrity.sample import write_election
from sailau.cli.app import run
from sailau.election import Election, open_case
from sailau.integrity.chances import fisher_exact
from sailau.integrity.forensics import Forensics, examine
from sailau.integrity.turnout import read_turnout
from sailau.rulebook.faults import BadInput

Row = list[str]


def changed(folder: Path, change: Callable[[dict[tuple[str, str], int]], None], stations: int = 300) -> Election:
    """Write a clean election and change its figures, (station, line) → number."""
    write_election(folder, stations)
    text = (folder / "returns.csv").read_text(encoding="utf-8").splitlines()
    figures = {(u, i): int(n) for u, _, i, n in (line.split(",") for line in text[1:])}
    change(figures)
    rows = [text[0], *(f"{u},list,{i},{n}" for (u, i), n in figures.items())]
    (folder / "returns.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return open_case(str(folder))


def reasons(made: Forensics) -> set[tuple[str, str, str]]:
    return {(x.station, x.reason, x.detail) for x in made.leads}


def test_fishers_test_is_that_of_his_tea() -> None:
    # R. A. Fisher, The Design of Experiments (1935): 3 of 4 cups told right; 17/35 on both sides.
    assert fisher_exact((3, 1), (1, 3)) == pytest.approx(34 / 70)
    assert fisher_exact((4, 0), (0, 4)) == pytest.approx(2 / 70)
    assert fisher_exact((500, 500), (500, 500)) == pytest.approx(1)
    assert fisher_exact((600, 400), (400, 600)) < 1e-15


def test_stations_of_one_building_are_compared_with_each_other(tmp_path: Path) -> None:
    def swap(figures: dict[tuple[str, str], int]) -> None:
        one, other = figures["s00004", "alma"], figures["s00004", "bulak"]
        figures["s00004", "alma"], figures["s00004", "bulak"] = other, one

    changed(tmp_path / "case", swap, 40)
    units = (tmp_path / "case" / "units.csv").read_text(encoding="utf-8").splitlines()
    rows = [units[0], *units[1:3], *(f"b{n:02d},{'east' if n % 2 else 'west'},building" for n in range(20))]
    rows += [f"s{n:05d},b{n // 2:02d},precinct" for n in range(40)]
    (tmp_path / "case" / "units.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = examine(open_case(str(tmp_path / "case")))
    assert ("s00004", "unlike-same-roof", "s00005") in reasons(made)
    assert sum(x.reason == "unlike-same-roof" for x in made.leads) == 1
    # Two stations are too few to be neighbours of each other: those of the region are.
    assert ("s00004", "outlier-share", "alma") in reasons(made)


def test_whole_percentages_are_named_by_region(tmp_path: Path) -> None:
    def rounded(figures: dict[tuple[str, str], int]) -> None:
        for n in range(1, 1200, 2):
            station = f"s{n:05d}"
            share = round(100 * figures[station, "@issued"] / figures[station, "@registered"])
            figures[station, "@registered"] = round(100 * figures[station, "@issued"] / share)

    made = examine(changed(tmp_path / "case", rounded, 1200))
    flagged = {(t.name, t.region): t for t in made.tests["list"] if t.region}
    assert set(flagged) == {("integer-percentages", "east")}
    assert flagged["integer-percentages", "east"].effect > 50
    whole = next(t for t in made.tests["list"] if t.name == "integer-percentages" and not t.region)
    assert whole.p is not None
    assert whole.p < 1e-6
    # The column around whole percentages of turnout stands out in the picture, too.
    assert made.portraits["list"].apart[0].argmax() == 5


def test_invalid_ballots_far_from_the_neighbours(tmp_path: Path) -> None:
    def spoilt(figures: dict[tuple[str, str], int]) -> None:
        for line in ("@invalid", "@cast", "@issued", "@received", "@registered"):
            figures["s00010", line] += 5000

    assert ("s00010", "outlier-invalid", "") in reasons(examine(changed(tmp_path / "case", spoilt)))


def test_elections_without_a_fault_are_called_unusual_no_more_often_than_stated(tmp_path: Path) -> None:
    made = examine(open_case(str(write_election(tmp_path / "case", 600))))
    rates = {t.name: t.false_alarms for t in made.tests["list"] if t.false_alarms is not None}
    assert set(rates) == {"integer-percentages", "multiples-of-five", "last-digit", "outliers"}
    noise = 2.6 * (0.05 * 0.95 / 40) ** 0.5
    assert all(rate <= 0.05 + noise for rate in rates.values()), rates


# ---------------------------------------------------------------- turnout over the day


def write_turnout(path: Path, election: Election, change: Callable[[str, str, int], int]) -> Path:
    from sailau.integrity.casebook import station_figures

    chance, rows = np.random.default_rng(3), ["station,time,voters"]
    for (station, _), figures in station_figures(election).items():
        ends = np.cumsum(chance.multinomial(figures["@issued"], [0.3, 0.4, 0.3]))
        rows += [
            f"{station},{time},{change(station, time, int(n))}"
            for time, n in zip(("10:00", "14:00", "20:00"), ends.tolist(), strict=True)
        ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_turnout_over_the_day(tmp_path: Path) -> None:
    election = open_case(str(write_election(tmp_path / "case", 120)))

    def planted(station: str, time: str, n: int) -> int:
        if (station, time) == ("s00003", "14:00"):
            return n // 3
        if (station, time) == ("s00005", "20:00"):
            return n + 2000
        if station == "s00007" and time != "20:00":
            return n // 9
        return n

    clean = examine(
        election, reports=read_turnout(write_turnout(tmp_path / "c.csv", election, lambda *x: x[2]), election)
    )
    assert not [x for x in clean.leads if x.reason.startswith("turnout-")]
    path = write_turnout(tmp_path / "t.csv", election, planted)
    said = reasons(examine(election, reports=read_turnout(path, election)))
    assert ("s00007", "turnout-jump", "20:00") in said
    assert {("s00005", "turnout-above-list", ""), ("s00005", "turnout-above-count", "")} <= said
    assert any((s, r) == ("s00003", "turnout-falls") for s, r, _ in said)
    assert {s for s, r, _ in said if r.startswith("turnout-")} == {"s00003", "s00005", "s00007"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("station,time\n", "columns"),
        ("station,time,voters\ns9,10:00,1\n", "a unit of the case"),
        ("station,time,voters\ns00001,25:00,1\n", "HH:MM"),
        ("station,time,voters\ns00001,10:00,1\ns00001,10:00,1\n", "each time of a station once"),
        ("station,time,voters\ns00001,10:00,-1\n", "a whole number"),
        ("", "columns"),
    ],
)
def test_files_of_turnout_that_cannot_be_read(text: str, said: str, tmp_path: Path) -> None:
    election = open_case(str(write_election(tmp_path / "case", 12)))
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_turnout(tmp_path / "t.csv", election)


def test_the_command_takes_turnout_and_writes_pages_and_print(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(write_election(tmp_path / "case", 60))
    turnout = write_turnout(
        tmp_path / "t.csv", open_case(case), lambda s, t, n: n // 9 if s == "s00007" and t < "2" else n
    )
    assert run(["forensics", case, "--turnout", str(turnout), "--json"]) == 0
    leads = json.loads(capsys.readouterr().out)["leads"]
    assert any(x["station"] == "s00007" and x["reason"] == "turnout-jump" for x in leads)
    for language, name in (
        ("en", "a.pdf"),
        ("ru", "a.pdf"),
        ("kk", "a.html"),
        ("kk", "b.html"),
        ("kk", "a.pdf"),
        ("kk", "b.pdf"),
    ):
        assert run(["forensics", case, "--lang", language, "--to", str(tmp_path / name)]) == 0
    for ending, start in ((".html", b"<!doctype html>"), (".pdf", b"%PDF")):
        data = (tmp_path / f"a{ending}").read_bytes()
        assert data.startswith(start)
        assert data == (tmp_path / f"b{ending}").read_bytes(), "the same input, the same bytes"
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "Қатысу, %" in page
