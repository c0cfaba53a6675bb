"""The pages say what is so: commands print what is shown, snippets run, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def load(name: str) -> ModuleType:
    """Import a script of docs/."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


run_pages = load("run_pages")
PAGES: list[Path] = run_pages.pages()
RUN = [page for page in PAGES if run_pages.runnable(page.read_text(encoding="utf-8"))]


def names(pages: list[Path]) -> list[str]:
    return [page.relative_to(ROOT).as_posix() for page in pages]


@pytest.mark.parametrize("page", RUN, ids=names(RUN))
def test_a_page_shows_what_is_so(page: Path) -> None:
    trouble = run_pages.run_page(page)
    assert not trouble, "\n\n".join(map(str, trouble))


# ---------------------------------------------------------------------- links

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def prose(page: Path) -> str:
    """Return a page without its fenced blocks and code spans."""
    text = page.read_text(encoding="utf-8")
    for block in reversed(run_pages.blocks(text)):
        text = text[: block.start] + text[block.end :]
    return re.sub(r"(`+)(?!`).*?\1", "", text)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page: those it sets itself, and those of its headings as GitHub makes them."""
    text = page.read_text(encoding="utf-8")
    for block in reversed(run_pages.blocks(text)):
        text = text[: block.start] + text[block.end :]
    found: set[str] = set(re.findall(r'<a id="([^"]+)"', text))
    for title in HEADING.findall(text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number, base = 1, slug
        while slug in found:
            slug, number = f"{base}-{number}", number + 1
        found.add(slug)
    return frozenset(found)


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere; links to other sites are not followed."""
    bad = []
    for link in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            bad.append(link)
    return bad


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    todo = [DOCS / "index.md", ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        todo += [(page.parent / link.split("#")[0]).resolve() for link in LINK.findall(prose(page)) if ":" not in link]
    lost = names([page for page in PAGES if page not in seen])
    assert lost == [], "link them from docs/index.md"


def test_the_scripts_that_pages_name_can_be_run() -> None:
    named = {
        word
        for page in PAGES
        for block in run_pages.blocks(page.read_text(encoding="utf-8"))
        if block.language == "sh"
        for word in re.findall(r"(?:^|\s)((?:bin|\.ci|docs)/[\w./-]+)", block.body)
    }
    assert {"bin/sailau", "bin/test", ".ci/run"} <= named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    assert all((ROOT / name).stat().st_mode & 0o100 for name in named if name.startswith(("bin/", ".ci/")))


# ---------------------------------------------------------------------- the checks themselves can fail


def write(tmp_path: Path, text: str) -> Path:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return page


def test_a_wrong_output_is_found_and_rewritten(tmp_path: Path) -> None:
    page = write(tmp_path, "```console\n$ sailau check mazhilis-2023\nmazhilis-2023  agrees  70  0\n```\n")
    (mismatch,) = run_pages.run_page(page)
    assert " 69  " in mismatch.found
    assert run_pages.rewrite(page) == []
    assert run_pages.run_page(page) == []


def test_a_gap_stands_for_any_lines_but_not_for_wrong_ones(tmp_path: Path) -> None:
    page = write(tmp_path, "```console\n$ sailau law list\nx\n```\n")
    assert run_pages.rewrite(page) == []
    fence, command, *lines = page.read_text(encoding="utf-8").splitlines()
    shown = "\n".join([fence, command, "…", lines[3], "…", lines[7], "…", "```\n"])
    assert run_pages.run_page(write(tmp_path, shown)) == []
    assert len(run_pages.run_page(write(tmp_path, shown.replace(lines[7], lines[2])))) == 1


def test_an_output_that_ends_in_a_gap_keeps_its_length(tmp_path: Path) -> None:
    page = write(tmp_path, "```console\n$ sailau law list\nx\ny\n…\n$ sailau check mazhilis-2023\nx\n```\n")
    assert run_pages.rewrite(page) == []
    shown = page.read_text(encoding="utf-8").splitlines()
    assert (len(shown), shown[4]) == (10, "…")
    assert run_pages.run_page(page) == []


def test_wrong_results_and_failing_code_are_found(tmp_path: Path) -> None:
    page = write(tmp_path, "```python\n>>> 1 + 1\n3\n```\n\n```python\nx = 1 / 0\n```\n\n```python\nx = 1\n```\n")
    assert [m.what for m in run_pages.run_page(page)] == ["a result differs", "the code fails"]


def test_exit_codes_are_shown_and_files_written(tmp_path: Path) -> None:
    text = "```toml file=bad/case.toml\nlaw = 3\n```\n\n```console\n$ sailau count bad\n…\n$ echo $?\n2\n```\n"
    assert run_pages.run_page(write(tmp_path, text)) == []
    assert len(run_pages.run_page(write(tmp_path, text.replace("\n2\n", "\n0\n")))) == 1


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = write(tmp_path, "# One\n\n[a](#one) [b](#two) [c](nowhere.md) [d](page.md#one) [e](https://example.org/x)\n")
    assert broken(page) == ["#two", "nowhere.md"]
