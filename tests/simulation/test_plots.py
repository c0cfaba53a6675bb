"""Plots: files that are what they say, labelled in three languages, the same every time, colours apart for all eyes."""

import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sailau.pictures.canvas import Canvas
from sailau.pictures.colors import distance, palette
from sailau.pictures.seats import ticks
from sailau.rulebook import BadInput
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
        assert ElementTree.fromstring(texts[language].encode()).tag == "{http://www.w3.org/2000/svg}svg"
        assert ("Amanat" if language == "en" else "«Ауыл»") in texts[language]
    words = {
        "seats": ("Seats", "Мандат", "Мандаты"),
        "sweep": ("Threshold, %", "Табалдырық, %", "Барьер, %"),
        "curve": ("Share of the list vote, %", "Тізім бойынша дауыс үлесі, %", "Доля голосов по спискам, %"),
    }[kind]
    for language, word in zip(("en", "kk", "ru"), words, strict=True):
        assert f">{word}</text>" in texts[language]


def test_whole_numbers_on_an_axis_have_no_decimals(report: Report, tmp_path: Path) -> None:
    for kind in KINDS:
        drawn = ElementTree.parse(report.plot(kind, tmp_path / "a.svg", "en"))
        words = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
        assert {"0", "10"} <= words
        assert not {"0.0", "10.0", "80.0"} & words


def test_the_same_report_gives_the_same_file(report: Report, tmp_path: Path) -> None:
    one = report.plot("sweep", tmp_path / "a.svg").read_bytes()
    assert report.plot("sweep", tmp_path / "b.svg").read_bytes() == one
    png = report.plot("seats", tmp_path / "a.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert report.plot("seats", tmp_path / "b.png").read_bytes() == png


def test_shapes_of_seats_need_no_matplotlib(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    drawn = ElementTree.parse(report.plot("seats", tmp_path / "a.svg", "kk")).getroot()
    assert drawn.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "kk"
    assert drawn.findtext("{http://www.w3.org/2000/svg}title") == "Әр партия қанша мандат алады"
    monkeypatch.setattr("sailau.extras.clone", lambda: None)
    with pytest.raises(BadInput, match="no matplotlib"):
        report.plot("seats", tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_a_canvas_is_written_in_points_from_the_top_left() -> None:
    canvas = Canvas(2, 1)
    canvas.bar(0.5, 0, 1, 0.25, "#112233")
    canvas.line([(0, 0), (2, 1)], "#445566", 2, (4.0, 1.5))
    canvas.write(1, 0.5, "Ә < B & C", 10, anchor="middle", turned=True)
    canvas.write(1, 0.5, "A\x01\x0b\ufffeB", 10)
    written = canvas.svg('A < "B"', "kk")
    assert '<path fill="#112233" d="M36 72V54H72V72Z"/>' in written
    assert '<path stroke="#445566" stroke-width="2" stroke-dasharray="8 3" d="M0 72L144 0"/>' in written
    drawn = ElementTree.fromstring(written.encode())
    assert drawn.attrib["aria-label"] == 'A < "B"'
    words, cleaned = drawn.iter("{http://www.w3.org/2000/svg}text")
    assert cleaned.text == "AB"
    assert words.text == "Ә < B & C"
    assert words.attrib["transform"] == "translate(72 36) rotate(-90)"


@pytest.mark.parametrize(
    ("low", "high", "most", "whole", "found"),
    [
        (0, 16.8, 4, False, "0 5 10 15"),
        (0, 0.9, 4, False, "0 1/5 2/5 3/5 4/5"),
        (0, 0.0043, 4, False, "0 1/1000 1/500 3/1000 1/250"),
        (0, 100, 4, False, "0 25 50 75 100"),
        (-0.8, 2.8, 6, True, "0 1 2"),
        (54.2, 82.8, 6, True, "55 60 65 70 75 80"),
        (-0.8, 0.8, 6, True, "0"),
        (3.2, 17.8, 6, True, "4 6 8 10 12 14 16"),
    ],
)
def test_ticks_are_round_and_few(low: float, high: float, most: int, whole: bool, found: str) -> None:
    assert ticks(low, high, most, whole=whole) == [Fraction(word) for word in found.split()]


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
    both = ["list.threshold.share=3%,5%", "list.seats=60,69"]
    with pytest.raises(BadInput, match="2 sweeps"):
        simulate("mazhilis-2023", draws=100, vary=both, threads=1).plot("sweep", tmp_path / "a.svg")
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
