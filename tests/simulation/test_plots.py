"""Plots: files that are what they say, labelled in three languages, the same every time, colours apart for all eyes."""

from pathlib import Path

import pytest

from sailau.law import BadInput
from sailau.pictures.colors import distance, palette
from sailau.simulation import Report, simulate

KINDS = ("seats", "sweep", "curve")


@pytest.fixture(scope="module")
def report() -> Report:
    return simulate(
        "mazhilis-2023",
        draws=20_000,
        sets=["list.threshold.share=7%"],
        vary="list.threshold.share=0%..10%:2%",
        threads=1,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_plot_says_the_same_in_three_languages(report: Report, kind: str, tmp_path: Path) -> None:
    texts = {}
    for language in ("en", "kk", "ru"):
        path = report.plot(kind, tmp_path / f"{kind}-{language}.svg", language)
        texts[language] = path.read_text(encoding="utf-8")
        assert texts[language].startswith("<?xml")
        assert "Amanat" in texts[language]
    words = {
        "seats": ("Seats", "Мандат", "Мандаты"),
        "sweep": ("Threshold, %", "Табалдырық, %", "Барьер, %"),
        "curve": ("Share of the list vote, %", "Тізім бойынша дауыс үлесі, %", "Доля голосов по спискам, %"),
    }[kind]
    for language, word in zip(("en", "kk", "ru"), words, strict=True):
        assert f">{word}</text>" in texts[language]


def test_the_same_report_gives_the_same_file(report: Report, tmp_path: Path) -> None:
    one = report.plot("sweep", tmp_path / "a.svg").read_bytes()
    assert report.plot("sweep", tmp_path / "b.svg").read_bytes() == one
    png = report.plot("seats", tmp_path / "a.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert report.plot("seats", tmp_path / "b.png").read_bytes() == png


def test_what_cannot_be_drawn_is_bad_input(report: Report, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.svg or \.png"):
        report.plot("seats", tmp_path / "a.jpg")
    with pytest.raises(BadInput, match="one of seats"):
        report.plot("pie", tmp_path / "a.svg")
    with pytest.raises(BadInput, match="can be written"):
        report.plot("seats", tmp_path / "no" / "folder" / "a.svg")
    plain = simulate("mazhilis-2023", draws=100, threads=1)
    with pytest.raises(BadInput, match="--vary"):
        plain.plot("sweep", tmp_path / "a.svg")
    question = simulate("referendum-2024", draws=100, threads=1)
    with pytest.raises(BadInput, match="no seats"):
        question.plot("seats", tmp_path / "a.svg")


def test_other_cases_can_be_drawn(tmp_path: Path) -> None:
    for name in ("storting-2021", "senado-2019-04"):
        found = simulate(name, draws=100, threads=1)
        assert found.plot("seats", tmp_path / f"{name}.svg").stat().st_size > 10_000


def test_colours_of_parties_stay_where_they_can_be_told_apart() -> None:
    own = {"a": "#1c9cd8", "b": "#c8a415", "c": "#f2802a", "d": "#ffffee", "e": "nonsense"}
    found = palette(["a", "b", "c", "d", "e"], own)
    assert found["a"] == "#1c9cd8"
    assert found["b"] == "#c8a415"
    # Gold and orange are one colour to people without green cones, and nothing is seen in pale yellow.
    assert distance("#c8a415", "#f2802a") < 14
    assert found["c"] != "#f2802a"
    assert found["d"] != "#ffffee"
    names = list(found)
    pairs = [(x, y) for n, x in enumerate(names) for y in names[n + 1 :]]
    assert min(distance(found[x], found[y]) for x, y in pairs) >= 14
    assert len(palette([str(n) for n in range(12)], {})) == 12
