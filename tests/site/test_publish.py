"""A published site: its layout, its links, and that every number on it is one of `count --json`."""

from __future__ import annotations

import csv
import io
import json
import shutil
import xml.etree.ElementTree as ET
import zipfile
from fractions import Fraction
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from tests.oracle.cases import case
from tests.site.reading import read

import sailau
from sailau.rulebook import BadInput
from sailau.site.elections import ElectionSite, SitePage
from sailau.site.feed import changes_at
from sailau.site.publish import files_of, follow, publish, sites_of
from sailau.site.release import Released
from sailau.tabulation.turnout import turnout_of

CASES = Path(__file__).resolve().parents[2] / "src" / "sailau" / "cases"
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "site"
    publish("mazhilis-2023", out)
    return out


def pages_of(name: str, *paths: str) -> dict[str, SitePage]:
    [held] = sites_of(name, lab=False)
    wanted = [f"{code}/{path}index.html" for code in LANGUAGES for path in paths]
    made = {page.path: page for page in held.pages()}
    return {path: made[path] for path in wanted}


def test_layout(site: Path) -> None:
    for path in (*(f"{code}/index.html" for code in LANGUAGES), "index.html", "data/outcome.json", "data/version.json"):
        assert (site / path).is_file(), path
    assert json.loads((site / "data/outcome.json").read_text()) == json.loads(
        json.dumps(sailau.count("mazhilis-2023").to_json())
    )


def test_every_link_leads_somewhere(site: Path) -> None:
    ids: dict[Path, set[str]] = {}
    links: list[tuple[Path, str]] = []
    for path in site.rglob("*.html"):
        page = read(path.read_bytes())
        ids[path.resolve()] = page.ids
        links += [(path, href) for href in (*page.hrefs, *page.loads) if not href.startswith(("http://", "https://"))]
    assert len(links) > 3000
    for path, href in links:
        address, fragment = urldefrag(href)
        address = address.partition("?")[0]
        target = (path.parent / address).resolve() if address else path.resolve()
        target = target / "index.html" if target.is_dir() else target
        assert target.is_file(), f"{path.relative_to(site)} → {href}"
        assert not fragment or fragment in ids[target], f"{path.relative_to(site)} → {href}"


def test_pages_load_nothing_from_elsewhere_and_hold_no_script_or_style(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = read(path.read_bytes())
        assert not page.inline, path
        assert not [address for address in page.loads if "//" in address], path
        assert page.metas["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'; style-src 'self'"
        )


def test_a_page_its_json_and_its_csv_carry_one_version(site: Path) -> None:
    seen = 0
    for path in site.rglob("*.html"):
        page = read(path.read_bytes())
        for address in page.loads:
            if address.endswith(".json") and "version" in page.metas:
                held = json.loads((path.parent / address).read_text())
                rows = list(csv.DictReader(io.StringIO((path.parent / address).with_suffix(".csv").read_text())))
                assert held["version"] == page.metas["version"], path
                assert {row["version"] for row in rows} <= {held["version"]}, path
                assert len(rows) == len(held["rows"])
                for row, entry in zip(rows, held["rows"], strict=True):
                    assert {key: "" if value is None else str(value) for key, value in entry.items()} == {
                        key: value.replace("True", "true") for key, value in row.items() if key != "version"
                    } or row == _as_csv(entry, held["version"]), path
                seen += 1
    assert seen > 150


def _as_csv(entry: dict[str, object], version: str) -> dict[str, str]:
    shown = {key: "" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for key, v in entry.items()}
    return {**shown, "version": version}


@pytest.mark.parametrize("name", ["mazhilis-2023", "referendum-2024", "storting-2021"])
def test_numbers_of_pages_are_those_of_the_count(name: str) -> None:
    outcome = sailau.count(name)
    whole = outcome.to_json()
    contest = next(iter(whole["contests"]))
    for path, page in pages_of(name, f"contests/{contest}/").items():
        read_page = read(page.make())
        held = whole["contests"][contest]
        table = [row for row in read_page.tables[0] if row]
        votes = sorted(
            int(cell) for row in table for cell in row if cell.isdecimal() and int(cell) in held["votes"].values()
        )
        assert set(votes) >= set(held["votes"].values()), path
        if any(held["seats"].values()):
            shown = [int(row[1]) for row in table[1:]]
            assert sum(shown) == sum(held["seats"].values()), path
            assert sorted(shown) == sorted(
                [*held["seats"].values(), *[0] * (len(held["votes"]) - len(held["seats"]))]
            ), path


def test_the_first_page_has_the_seats_of_every_party_in_every_language() -> None:
    outcome = sailau.count("mazhilis-2023")
    for path, page in pages_of("mazhilis-2023", "").items():
        made = read(page.make())
        rows = [row for row in made.tables[0][1:] if row[1].isdecimal()]
        assert [int(row[1]) for row in rows[:-1]] == sorted(outcome.seats.values(), reverse=True), path
        assert int(rows[-1][1]) == 98
        assert path.startswith(made.language)


def test_seats_of_districts_add_up_to_those_of_the_contest() -> None:
    [held] = sites_of("storting-2021", lab=False)
    rows = list(held.area_record("list").dicts())
    for option, seats in held.outcome.contests["list"].seats.items():
        assert sum(row["seats"] for row in rows if row["option"] == option) == seats


# ---------------------------------------------------------------- what is not final looks so


def test_a_what_if_says_so_on_every_page() -> None:
    [held] = sites_of("mazhilis-2023", {"list.threshold.share": "7%"})
    for page in list(held.pages())[:12]:
        made = page.make().decode()
        assert 'class="banner changed"' in made
        assert "7 %" in made or "7\u00a0%" in made


def test_nobody_is_elected_before_the_law_says_so() -> None:
    for votes, elected in ((), False), ((60, 30), True), ((50, 50), False), ((40, 35, 25), False):
        persons = [{"candidate": f"person-{n}", "contest": "president", "name": f"Person {n}"} for n in range(3)]
        rows = [("", "president", f"person-{n}", v, 1) for n, v in enumerate(votes)]
        election = case("kz/president", "2005-12-04", rows, candidates=persons)
        site = ElectionSite(sailau.count(election.own_law(), election), with_lab=False)
        for page in site.pages():
            if page.address.path == "":
                said = {"kk": "Сайланды", "ru": "Избирается", "en": "is elected"}[page.address.language]
                assert (said in page.make().decode()) is elected, votes


def test_the_whole_case_is_there_for_other_programs(site: Path) -> None:
    assert b"3431510" in (site / "data/case.nist.json").read_bytes()
    workbook = zipfile.ZipFile(site / "data/case.xlsx")
    assert "3431510" in "".join(workbook.read(n).decode() for n in workbook.namelist() if "worksheets/sheet" in n)
    assert b"3431510" in (site / "data/case.nist.xml").read_bytes()
    assert 'href="../../data/case.xlsx"' in (site / "en/data/index.html").read_text()


# ---------------------------------------------------------------- the case is followed


def test_a_case_is_published_again_when_it_has_changed_and_faults_leave_the_site(tmp_path: Path) -> None:
    folder, out = tmp_path / "case", tmp_path / "site"
    shutil.copytree(CASES / "referendum-2024", folder)
    events = follow(folder, lambda: publish(folder, out, lab=False), pause=0.01)
    first = next(events)
    assert isinstance(first, Released)
    source = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(source + "unknown = 1\n", encoding="utf-8")
    assert isinstance(next(events), BadInput)
    assert out.resolve() == first.folder.resolve()
    (folder / "case.toml").write_text("synthetic = true\n" + source, encoding="utf-8")
    second = next(events)
    assert isinstance(second, Released)
    assert "en/index.html" in second.written


# ---------------------------------------------------------------- hostile input stays inert

ACTING = ("\u202e", "\u2066", "\x1b", "\x07", "\x9b")
NAME = '<script>alert(1)</script>{{ 7*7 }}{% raw %}" onload="x" =1+1 \u202egnol' + "".join(ACTING)


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(CASES / "mazhilis-2023", folder)
    path = folder / "parties.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[1][1:5] = [NAME, "=cmd|' /C calc'!A0", "@SUM(1+1)", "<b>"]
    rows[2][1], rows[2][4] = "Ä" * 10_000, "S" + NAME
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    source = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(
        source.replace('url = "https://newtimes', 'url = "javascript:alert(1)//'), encoding="utf-8"
    )
    for file in files_of(sites_of(folder, lab=False)):
        if not file.path.endswith((".html", ".csv", ".svg", ".json")) or "/law/" in file.path or "places" in file.path:
            continue
        content = file.make().decode()
        assert not [sign for sign in ACTING if sign in content], file.path
        if file.path.endswith((".html", ".svg")):
            assert "<script>alert" not in content, file.path
            assert "javascript:" not in content, file.path
            assert '" onload="' not in content, file.path
            assert "49{%" not in content
        if file.path.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
            assert not [c for c in cells if c.startswith(("=", "+", "@SUM"))], file.path


def test_pages_of_other_rooms_give_what_their_commands_give(site: Path) -> None:
    rows = json.loads((site / "data/tables/previous.json").read_text())["rows"]
    votes = {(row["row"], row["column"]): row["value"] for row in rows if row["table"].startswith("Party lists")}
    assert votes[1, "10 January 2021"] == pytest.approx(Fraction(5_148_074, 7_241_562), abs=1e-8)
    assert (votes[1, "seats 10 January 2021"], votes[1, "seats 19 March 2023"]) == (76, 40)
    powers = read((site / "ru/parliament/index.html").read_bytes())
    assert "50 из 98" in powers.text
    under = json.loads((site / "data/tables/elsewhere.json").read_text())["rows"]
    compared = sailau.compare("mazhilis-2023", under=["es/congress"])
    seats = {
        row["column"]: row["value"]
        for row in under
        if row["table"] == "List seats with the same votes" and row["row"] == 5
    }
    assert seats["Amanat"] == compared.rows[1].seats["amanat"]
    for name in ("parliament", "previous", "elsewhere", "calendar", "voter"):
        cells = list(csv.DictReader(io.StringIO((site / f"data/tables/{name}.csv").read_text())))
        data = json.loads((site / f"data/tables/{name}.json").read_text())
        assert [(c["table"], c["text"]) for c in cells] == [(r["table"], r["text"]) for r in data["rows"]]
        assert {cell["version"] for cell in cells} == {data["version"]}
        for language in LANGUAGES:
            assert read((site / f"{language}/{name}/index.html").read_bytes()).metas["version"] == data["version"]


def test_figures_that_were_made_up_say_so_on_every_page_screen_and_picture(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(CASES / "referendum-1995-april", folder)
    source = (folder / "case.toml").read_text(encoding="utf-8")
    for written, made_up in (("false", False), ("true", True)):
        (folder / "case.toml").write_text(f"synthetic = {written}\n{source}", encoding="utf-8")
        [held] = sites_of(folder, lab=False)
        for page in held.pages():
            shown = page.make().decode()
            assert ("banner invented" in shown) == made_up, page.path
        marks = {"en": "Synthetic data", "ru": "Вымышленные данные", "kk": "Ойдан шығарылған деректер"}
        for language, mark in marks.items():
            files = {file.path: file for file in files_of([held])}
            assert (mark in " ".join(files[f"data/result.{language}.svg"].make().decode().split())) == made_up
            assert (mark in sailau.html(held.outcome, language)) == made_up
    (folder / "case.toml").write_text(f'synthetic = "yes"\n{source}', encoding="utf-8")
    with pytest.raises(sailau.BadInput, match="true or false"):
        sailau.open_case(folder)


def test_a_what_if_names_no_command_that_gives_other_tables() -> None:
    for changes, shown in ((None, True), ({"list.threshold.share": "7%"}, False)):
        [held] = sites_of("mazhilis-2023", changes, lab=False)
        made = {page.path: page for page in held.pages()}
        assert ("sailau parliament mazhilis-2023" in made["en/parliament/index.html"].make().decode()) == shown


def test_a_case_without_lists_or_an_election_before_has_no_page_that_says_nothing() -> None:
    [held] = sites_of("referendum-1995-april", lab=False)
    names = {page.name for page in held.further}
    assert "previous" not in names
    assert "elsewhere" not in names
    assert not [path for path in (page.path for page in held.pages()) if "/widget/chamber/" in path]


def test_the_feed_tells_each_change_once_in_the_order_of_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "case", tmp_path / "site"
    shutil.copytree(CASES / "referendum-2024", folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    publish(folder, out, lab=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000060")
    assert not publish(folder, out, lab=False).written
    returns = (folder / "returns.csv").read_text(encoding="utf-8")
    first = next(row for row in csv.DictReader(io.StringIO(returns)) if row["item"] == "yes")
    changed = returns.replace(f"yes,{first['count']}", f"yes,{int(first['count']) - 1}", 1)
    assert changed != returns
    (folder / "returns.csv").write_text(changed, encoding="utf-8")
    publish(folder, out, lab=False)
    changes = json.loads((out / "data/changes.json").read_text())["changes"]
    assert [change["at"] for change in changes] == ["2023-11-14T22:13:20Z", "2023-11-14T22:14:20Z"]
    assert changes[-1]["version"] == json.loads((out / "data/version.json").read_text())["version"]
    for language in LANGUAGES:
        feed = ET.fromstring((out / f"data/feed.{language}.xml").read_bytes())
        times = [entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")]
        assert times == [change["at"] for change in reversed(changes)]
        assert len({entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}) == 2
        assert feed.findtext(f"{ATOM}updated") == times[0]
    (out / "data/changes.json").unlink()
    (out / "data/changes.json").write_text('{"changes": 7}')
    assert len(changes_at(out / "data/changes.json")) == 0


def test_turnout_is_that_of_the_count_also_where_lines_of_protocols_disagree(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(CASES / "referendum-2024", folder)
    path = folder / "returns.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("@cast", "@issued"), encoding="utf-8")
    [held] = sites_of(folder, lab=False)
    counted = turnout_of(held.records.totals("question"))
    line, number, registered = held.records.turnout("question") or ("", 0, 0)
    assert (line, number, registered) == (f"@{counted.measure}", counted.ballots, counted.registered)


def test_a_protocol_stands_in_the_order_of_the_laws_form() -> None:
    [held] = sites_of("referendum-2024", lab=False)
    [form] = [form for form in held.outcome.law.section("form") if form.contests is None or "question" in form.contests]
    written = [line.id for line in form.line]
    shown = list(held.records.lines("question"))
    assert [line for line in written if line in shown] == shown[: len([line for line in shown if line in written])]
    assert len(shown) > 2
