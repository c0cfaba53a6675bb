"""Plots: files that are what they say, labelled in three languages, the same every time, colours apart for all eyes."""

import re
import shutil
import struct
import sys
import zlib
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

import sailau
from sailau.cli.app import run
from sailau.election.model import Election, Party
from sailau.pictures.canvas import Canvas
from sailau.pictures.chart import spread, ticks
from sailau.pictures.colors import colors_of, distance
from sailau.pictures.fonts import FILES, shortened, width, wrapped
from sailau.pictures.plots import plot
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
        path = plot(report, tmp_path / f"{kind}-{language}.svg", kind, language)
        texts[language] = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(texts[language].encode()).tag == "{http://www.w3.org/2000/svg}svg"
        assert ("Amanat" if language == "en" else "«Ауыл»") in texts[language]
    words = {
        "seats": ("Seats", "Мандат", "Мандаты"),
        "sweep": ("Threshold, %", "Кедергі, %", "Барьер, %"),
        "curve": ("Share of the list vote, %", "Тізім бойынша дауыс үлесі, %", "Доля голосов по спискам, %"),
    }[kind]
    for language, word in zip(("en", "kk", "ru"), words, strict=True):
        assert f">{word}</text>" in texts[language]


def test_whole_numbers_on_an_axis_have_no_decimals(report: Report, tmp_path: Path) -> None:
    for kind in KINDS:
        drawn = ElementTree.parse(plot(report, tmp_path / "a.svg", kind, "en"))
        words = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
        assert {"0", "10"} <= words
        assert not {"0.0", "10.0", "80.0"} & words


def test_the_same_report_gives_the_same_file(report: Report, tmp_path: Path) -> None:
    one = plot(report, tmp_path / "a.svg", "sweep").read_bytes()
    assert plot(report, tmp_path / "b.svg", "sweep").read_bytes() == one
    png = plot(report, tmp_path / "a.png", "seats").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert plot(report, tmp_path / "b.png", "seats").read_bytes() == png


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_need_no_library(report: Report, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    drawn = ElementTree.parse(plot(report, tmp_path / "a.svg", kind, "kk")).getroot()
    assert drawn.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "kk"
    monkeypatch.setattr("sailau.extras.clone", lambda: None)
    with pytest.raises(BadInput, match="no resvg_py"):
        plot(report, tmp_path / "a.png", kind)
    assert not (tmp_path / "a.png").exists()


def test_a_canvas_is_written_in_points_from_the_top_left() -> None:
    canvas = Canvas(2, 1)
    canvas.bar(0.5, 0, 1, 0.25, "#112233")
    canvas.line([(0, 0), (2, 1)], "#445566", 2, (4.0, 1.5))
    canvas.write(1, 0.5, "Ә < B & C", 10, anchor="middle", turned=True)
    canvas.write(1, 0.5, "A\x01\x0b\ufffeB", 10)
    written = canvas.svg('A < "B"', "kk")
    assert '<path fill="#112233" d="M36 72V54H72V72Z"/>' in written
    assert '<path fill="none" stroke="#445566" stroke-width="2" stroke-dasharray="8 3" d="M0 72L144 0"/>' in written
    drawn = ElementTree.fromstring(written.encode())
    assert drawn.attrib["aria-label"] == 'A < "B"'
    words, cleaned = drawn.iter("{http://www.w3.org/2000/svg}text")
    assert cleaned.text == "A���B"
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
        plot(report, tmp_path / "a.jpg", "seats")
    with pytest.raises(BadInput, match="one of seats"):
        plot(report, tmp_path / "a.svg", "pie")
    with pytest.raises(BadInput, match="can be written"):
        plot(report, tmp_path / "no" / "folder" / "a.svg", "seats")
    plain = simulate("mazhilis-2023", draws=100, threads=1)
    with pytest.raises(BadInput, match="--vary"):
        plot(plain, tmp_path / "a.svg", "sweep")
    both = ["list.threshold.share=3%,5%", "list.seats=60,69"]
    with pytest.raises(BadInput, match="2 sweeps"):
        plot(simulate("mazhilis-2023", draws=100, vary=both, threads=1), tmp_path / "a.svg", "sweep")
    question = simulate("referendum-2024", draws=100, threads=1)
    with pytest.raises(BadInput, match="no seats"):
        plot(question, tmp_path / "a.svg", "seats")


def test_other_cases_can_be_drawn(tmp_path: Path) -> None:
    for name in ("storting-2021", "senado-2019-04"):
        found = simulate(name, draws=100, threads=1)
        assert plot(found, tmp_path / f"{name}.svg", "seats").stat().st_size > 10_000


def election(colors: dict[str, str]) -> Election:
    parties = {name: Party(name, color=color) for name, color in colors.items()}
    return Election("x", "xx/y", date(2024, 1, 1), {}, parties=parties)


def test_a_party_has_its_own_colour_and_others_have_ones_apart_from_it() -> None:
    own = {"a": "#1C9CD8", "b": "", "c": "#f2802a", "d": "#ffffee", "e": "nonsense"}
    colors = colors_of(election(own))
    assert (colors["a"], colors["c"]) == ("#1c9cd8", "#f2802a")
    # Nothing is seen in pale yellow.
    assert colors["d"] != "#ffffee"
    pairs = [(x, y) for n, x in enumerate(own) for y in list(own)[n + 1 :]]
    assert min(distance(colors[x], colors[y]) for x, y in pairs) >= 14


def test_many_parties_without_colours_of_their_own_get_some() -> None:
    colors = colors_of(election({str(n): "" for n in range(40)}))
    assert len(set(list(colors.values())[:12])) == 12
    assert all(color.startswith("#") for color in colors.values())


def test_a_party_has_one_colour_in_all_pictures_of_a_case(report: Report, tmp_path: Path) -> None:
    own = {party.color.lower() for party in report.job.election.parties.values()}
    used = {}
    for kind in KINDS:
        text = plot(report, tmp_path / "a.svg", kind).read_text(encoding="utf-8")
        used[kind] = {color for color in own if f'="{color}"' in text}
    assert used["sweep"] == used["curve"] == own
    assert own - used["seats"] == {report.job.election.parties["baytaq"].color.lower()}  # hardly ever wins


# ---------------------------------------------------------------------- words


LETTERS = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"


@pytest.mark.parametrize("letter", LETTERS + LETTERS.lower() + "«»–—…№≥≤−→ÄÅæøŠžțğĐ")
def test_the_font_that_comes_with_us_has_every_letter(letter: str) -> None:
    for file, bold in zip(FILES, (False, True), strict=True):
        font = TTFont(file)
        assert ord(letter) in font.getBestCmap()
        advance = font["hmtx"].metrics[font.getBestCmap()[ord(letter)]][0]
        assert width(letter, 72, bold=bold) == advance / 2048


def test_what_is_measured_is_what_is_drawn() -> None:
    words, size = "Ұлттық Демократия, 62,35 %", 20.0
    canvas = Canvas(5, 1)
    canvas.write(0, 0.5, words, size)
    rows = ink(canvas.png("x", "kk"))
    assert rows[1] == pytest.approx(width(words, size) * 300, abs=8)


def ink(png: bytes) -> tuple[int, int]:
    """Return the first and last column of a PNG that is not white."""
    place, data, wide = 8, b"", 0
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            wide = struct.unpack(">I", content[:4])[0]
        data += content if kind == b"IDAT" else b""
        place += length + 12
    raw, line, before = zlib.decompress(data), 4 * wide + 1, bytes(4 * wide)
    columns: set[int] = set()
    for start in range(0, len(raw), line):
        before = unfiltered(raw[start], raw[start + 1 : start + line], before)
        columns |= {n // 4 for n in range(0, len(before), 4) if before[n] < 128}
    return min(columns), max(columns)


def unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    """Undo the filter of a line of a PNG (RFC 2083)."""
    line = bytearray(row)
    for n in range(len(line)):
        a, b, c = (line[n - 4] if n >= 4 else 0), above[n], (above[n - 4] if n >= 4 else 0)
        near = min((a, b, c), key=lambda v: (abs(a + b - c - v), (a, b, c).index(v)))
        line[n] = (line[n] + (0, a, b, (a + b) // 2, near)[kind]) % 256
    return bytes(line)


def test_long_texts_are_shortened_or_wrapped_to_their_room() -> None:
    text = "Жалпыұлттық социал-демократиялық партия"
    assert shortened(text, 5, 9) == text
    short = shortened(text, 1, 9)
    assert short.endswith("…")
    assert width(short, 9) <= 1
    lines = wrapped(f"{text} {text}", 1.5, 9)
    assert all(width(line, 9) <= 1.5 for line in lines)
    assert len(lines) > 2


def texts_outside(path: Path) -> list[str]:
    """Return the texts of an SVG that leave its sheet, or that the sheet cuts off."""
    root = ElementTree.parse(path).getroot()
    wide, high = (float(n) for n in root.attrib["viewBox"].split()[2:])
    outside = []
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        size, words = float(text.attrib["font-size"]), text.text or ""
        long = width(words, size, bold="font-weight" in text.attrib) * 72
        part = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib.get("text-anchor", "start")]
        turned = re.match(r"translate\((\S+) (\S+)\)", text.attrib.get("transform", ""))
        if turned:
            first, room = high - float(turned[2]) - part * long, high
        else:
            first, room = float(text.attrib["x"]) - part * long, wide
        if first < -0.01 or first + long > room + 0.01:
            outside.append(words)
    return outside


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_is_cut_off(report: Report, kind: str, language: str, tmp_path: Path) -> None:
    assert texts_outside(plot(report, tmp_path / "a.svg", kind, language)) == []


@pytest.mark.parametrize("name", ["congress-2019-04", "storting-2021", "president-2005", "maslikhat-almaty-2023"])
def test_no_word_is_cut_off_in_other_elections(name: str, tmp_path: Path) -> None:
    simulated = simulate(name, draws=300, threads=1)
    for language in ("en", "kk", "ru"):
        assert texts_outside(plot(simulated, tmp_path / "a.svg", "seats", language)) == []


def test_no_word_is_cut_off_where_words_are_varied(tmp_path: Path) -> None:
    methods = "largest-remainder,dhondt,sainte-lague"
    simulated = simulate("mazhilis-2023", draws=300, threads=1, vary=f"list.formula.method={methods}")
    for language in ("en", "kk", "ru"):
        file = plot(simulated, tmp_path / "a.svg", "sweep", language)
        assert texts_outside(file) == []
        assert "dhondt" not in file.read_text(encoding="utf-8")


def test_names_are_words_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(Path(sailau.__file__).parent / "cases" / "mazhilis-2023", folder)
    table = (folder / "parties.csv").read_text(encoding="utf-8")
    hostile = '"$\\frac$ <script>x</script> [red]\x1b[2J\u202eA"'
    assert table.count(",Amanat,") == 1
    (folder / "parties.csv").write_text(table.replace(",Amanat,", f",{hostile},"), encoding="utf-8")
    simulated = simulate(str(folder), draws=300, threads=1)
    for kind in ("seats", "curve"):
        plot(simulated, tmp_path / "a.png", kind)
        text = plot(simulated, tmp_path / "a.svg", kind).read_text(encoding="utf-8")
        ElementTree.fromstring(text)
        assert "$\\frac$ &lt;script&gt;" in text
        assert not {"\x1b", "\u202e"} & set(text)


def test_a_headline_has_no_seed_and_the_foot_has_sources(report: Report, tmp_path: Path) -> None:
    drawn = ElementTree.parse(plot(report, tmp_path / "a.svg")).getroot()
    texts = [t.text or "" for t in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "seed" not in " ".join(texts[:3])
    assert any(text.startswith("Source: newtimes.kz, vlast.kz") for text in texts)
    assert texts[-1].endswith("seed 1.") or any(text.endswith("seed 1.") for text in texts)


def test_labels_beside_lines_stay_apart_and_inside() -> None:
    heights = spread([0.0, 0.01, 0.02, 0.98, 0.99], 0.1, 0.0, 1.0)
    assert all(b - a >= 0.1 - 1e-9 for a, b in pairwise(heights))
    assert heights[0] >= 0
    assert heights[-1] <= 1


# ---------------------------------------------------------------------- a count


CASES = (
    "mazhilis-2023",
    "president-2005",
    "storting-2021",
    "referendum-2024",
    "congress-2019-04",
    "maslikhat-almaty-2023",
)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("name", CASES)
def test_a_count_shows_every_seat_once(name: str, language: str, tmp_path: Path) -> None:
    outcome = sailau.count(name)
    file = plot(outcome, tmp_path / "a.svg", language=language)
    assert texts_outside(file) == []
    seats, vacant = sum(outcome.seats.values()), sum(q.seats for q in outcome.undetermined)
    paths = [p.attrib for p in ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}path")]
    dots = sum(p["d"].count("a") // 2 for p in paths if p["fill"] != "none")
    rings = sum(p["d"].count("a") // 2 for p in paths if p["fill"] == "none")
    assert (dots, rings) == ((seats, vacant) if seats + vacant > 1 else (0, 0))


def test_a_picture_of_a_count_says_shares_and_seats_as_the_count_does(tmp_path: Path) -> None:
    outcome = sailau.count("mazhilis-2023")
    file = plot(outcome, tmp_path / "a.svg", language="ru")
    words = [t.text for t in ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert {"98", "большинство: 50", "62", "8", "«Ауыл»", "53,90\u00a0%", "2,30\u00a0%"} <= set(words)
    own = outcome.election.parties["auyl"].color
    assert f'fill="{own}"' in file.read_text(encoding="utf-8")


def test_small_options_are_added_up(tmp_path: Path) -> None:
    text = plot(sailau.count("congress-2019-04"), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">others</text>" in text


def test_the_command_draws_what_it_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.png"
    assert run(["count", "mazhilis-2023", "--set", "list.threshold.share=7%", "--plot", str(file), "--lang", "kk"]) == 0
    assert file.read_bytes().startswith(b"\x89PNG")
    assert run(["count", "mazhilis-2023", "--plot", str(tmp_path / "a.gif")]) == 2
    assert ".svg or .png" in capsys.readouterr().err


def texts_of(file: Path) -> list[str]:
    return [t.text or "" for t in ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("size", ["print", "phone"])
@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_no_word_is_cut_off_in_any_size(report: Report, language: str, size: str, tmp_path: Path) -> None:
    for kind in KINDS:
        assert texts_outside(plot(report, tmp_path / "a.svg", kind, language, size)) == []
    for name in CASES:
        assert texts_outside(plot(sailau.count(name), tmp_path / "a.svg", "", language, size)) == []


@pytest.mark.parametrize(("name", "squares"), [("mazhilis-2023", 69), ("seimas-2024", 70), ("parlament-2025", 101)])
def test_why_draws_a_square_for_every_seat(name: str, squares: int, tmp_path: Path) -> None:
    outcome = sailau.count(name)
    file = plot(outcome, tmp_path / "a.svg", "why", "kk", "print")
    assert texts_outside(file) == []
    paths = [p.attrib for p in ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}path")]
    drawn = sum(p["d"].count("Z") for p in paths if p["fill"] != "none")
    steps = {step.code: step for step in outcome.steps}
    parts = len(steps["whole"].rows) if "whole" in steps else 0
    gained = sum(row.gained for row in steps["remainders"].rows.values()) if "remainders" in steps else 0
    assert drawn == squares - gained + parts


def test_why_is_refused_where_seats_are_filled_in_many_districts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such lists in storting-2021"):
        plot(sailau.count("storting-2021"), tmp_path / "a.svg", "why")


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("size", ["web", "print", "phone"])
def test_comparisons_changes_and_parliaments_are_drawn(language: str, size: str, tmp_path: Path) -> None:
    lines = (
        ["compare", "mazhilis-2023", "--under", "lt/seimas", "--under", "@2021-01-10"],
        ["diff", "mazhilis-2016", "mazhilis-2023"],
        ["diff", "storting-2017", "storting-2021"],
        ["parliament", "mazhilis-2023", "--only", "balance"],
    )
    for line in lines:
        file = tmp_path / "a.svg"
        assert run([*line, "--plot", str(file), "--lang", language, "--size", size]) == 0
        assert texts_outside(file) == []


def test_a_change_says_who_gained_and_who_is_new(tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    assert run(["diff", "mazhilis-2016", "mazhilis-2023", "--plot", str(file), "--lang", "ru"]) == 0
    words = texts_of(file)
    assert {"−28,3", "+8,9", "+8,6, новая", "84 → 40"} <= set(words)
    assert words.index("«Ауыл»") < words.index("«AMANAT»")


def test_pictures_are_files_even_where_nobody_reads_on(tmp_path: Path) -> None:
    import subprocess

    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    plots = [f"--plot=chamber={files[0]}", f"--plot=why={files[1]}"]
    command = [sys.executable, "-m", "sailau", "count", "mazhilis-2023", *plots]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert all(file.exists() for file in files)


def test_a_change_on_a_phone_uses_short_names_and_covers_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "change.svg"
    assert run(["diff", "mazhilis-2021", "mazhilis-2023", "--lang", "kk", "--plot", str(path), "--size", "phone"]) == 0
    text = path.read_text(encoding="utf-8")
    assert ">ЖСДП</text>" in text
    assert ">«Adal»</text>" in text
    spans: dict[float, list[tuple[float, float]]] = {}
    for node in ElementTree.fromstring(text.encode()).iter("{http://www.w3.org/2000/svg}text"):
        long, x = 72 * width(node.text or "", 9.0), float(node.get("x", "0"))
        left = x - long if node.get("text-anchor") == "end" else x
        spans.setdefault(round(float(node.get("y", "0")), 1), []).append((left, left + long))
    rows = [sorted(row) for row in spans.values() if len(row) > 1]
    assert len(rows) > 5
    assert all(before[1] <= after[0] for row in rows for before, after in pairwise(row))
