"""The pages made from the rule books: one per law and language, an index, and the observer's kit; `bin/docs` makes them.

They are built into a folder that git ignores: `python -m sailau.site.pages build/docs`. In the docs stands a short
page for each law, with the way to its rule book: `python -m sailau.site.pages --short docs`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sailau.rulebook import books, load
from sailau.rulebook.coverage import coverage
from sailau.site.annotated import AnnotatedRule, Guide, ReformGuide, Version, annotate
from sailau.site.observer_kit import default_law, kit, kit_document, kit_pdf
from sailau.wording import rendering
from sailau.wording.guide import CHAPTERS, COLUMNS, MARKS, SIGNS, chapter_intro, chapter_title, on_page
from sailau.wording.language import LANGUAGES, OWN_NAMES, Words, words
from sailau.wording.people import coverage_sheet
from sailau.writing import write_whole


def markdown(guide: Guide) -> str:
    """Return the page of a law: chapter by chapter, then open questions, reforms and sources."""
    said = words(guide.language)
    lines = [f"# {guide.title}", "", *_head(guide, said), *_short(guide, said)]
    chapters = [name for name in CHAPTERS if guide.chapter(name)]
    lines += [f"## {on_page('contents', said)}", ""]
    titles = [(name, chapter_title(name, said)) for name in chapters]
    titles += [("questions", on_page("questions", said))] if guide.questions else []
    titles += [(f"reform-{r.id}", r.title) for r in guide.reforms]
    titles += [("sources", on_page("sources", said))]
    lines += [f"- [{title}](#{name})" for name, title in titles]
    for name in chapters:
        lines += ["", *_chapter(guide, name, said)]
    lines += ["", *_questions(guide, said)] if guide.questions else []
    for reform in guide.reforms:
        lines += ["", *_reform(reform, said)]
    lines += ["", _heading("sources", on_page("sources", said)), ""]
    for key, title, url in guide.sources:
        lines.append(f"- `{key}` {title}" + (f" – <{url}>" if url else ""))
    return "\n".join(lines) + "\n"


def _heading(anchor: str, title: str) -> str:
    return f'## <a id="{anchor}"></a>{title}'


def _head(guide: Guide, said: Words) -> Iterator[str]:
    yield on_page("made", said, file=guide.file)
    yield ""
    if guide.until is None:
        life = on_page("lives", said, since=said.day(guide.since))
    else:
        life = on_page("lived", said, since=said.day(guide.since), until=said.day(guide.until))
    yield " ".join([life, on_page("seats", said, number=said.number(guide.seats)) if guide.seats else ""]).strip()
    for note in guide.notes:
        yield ""
        yield note
    yield ""
    yield f"**{on_page('marks', said)}**"
    yield ""
    for mark in MARKS:
        yield f"- {SIGNS[mark]} {said.say(MARKS[mark])}"
    yield ""
    stem = guide.law.rpartition("/")[2]
    others = [f"[{OWN_NAMES[code]}]({stem}.{code}.md)" for code in LANGUAGES if code != guide.language]
    yield f"{on_page('other-languages', said)} {', '.join(others)}"
    yield ""


_SHORT = ("seats", "threshold", "majority", "mandates", "mandates.quota", "adoption", "regional")


def _short(guide: Guide, said: Words) -> Iterator[str]:
    """Yield the law in a few lines: seats, bars, who takes them, who may vote and stand – as it stands at the end."""
    yield f"## {on_page('short', said)}"
    yield ""
    standing = [rule for rule in guide.rules if rule.newest.until is None]
    for rule in standing:
        if rule.chapter in ("seats", "persons") and rule.id.partition(".")[2] in _SHORT:
            yield f"- [{rule.title}](#{rule.id}): {rule.newest.text}"
    for chapter in ("vote", "stand"):
        titles = [rule.title for rule in standing if rule.chapter == chapter]
        if titles:
            yield f"- [{chapter_title(chapter, said)}](#{chapter}): {'; '.join(titles)}."
    yield ""


def _chapter(guide: Guide, name: str, said: Words) -> Iterator[str]:
    yield _heading(name, chapter_title(name, said))
    yield ""
    yield chapter_intro(name, said)
    yield ""
    for rule in guide.chapter(name):
        yield from rule_lines(rule, said)


def rule_lines(rule: AnnotatedRule, said: Words) -> Iterator[str]:
    """Yield the lines of one rule: how it stands, how it stood, what is open."""
    newest = rule.newest
    yield f'- <a id="{rule.id}"></a>**{_stopped(newest.title)}** {_cited(newest, said)}'.rstrip()
    if newest.note:
        yield f"  - *{on_page('note', said)}* {newest.note}"
    for version in reversed(rule.versions[:-1]):
        title = f"**{_stopped(version.title)}** " if version.title != newest.title else ""
        yield f"  - {title}{_cited(version, said)}"
        if version.note and version.note != newest.note:
            yield f"    - *{on_page('note', said)}* {version.note}"


def _stopped(title: str) -> str:
    return title if title.endswith((".", "!", "?", "…")) else f"{title}."


def _cited(version: Version, said: Words) -> str:
    text = f"{version.text} " if version.text else ""
    when = span(version, said)
    force = f", {on_page('in-force', said, day=said.day(version.in_force))}" if version.in_force else ""
    return f"{text}*{version.cite}* {SIGNS[version.confidence]}" + (f" ({when}{force})" if when else "")


def span(version: Version, said: Words) -> str:
    """Return for which votes a version holds; empty where it is for all of the law's life."""
    since, until = version.since, version.until
    if since is not None and until is not None:
        if (until - since).days == 1:
            return on_page("one-day", said, since=said.day(since))
        return on_page("between", said, since=said.day(since), until=said.day(until))
    if since is not None:
        return on_page("from", said, since=said.day(since))
    return on_page("before", said, until=said.day(until)) if until is not None else ""


def _questions(guide: Guide, said: Words) -> Iterator[str]:
    yield _heading("questions", on_page("questions", said))
    yield ""
    yield on_page("questions-intro", said)
    yield ""
    for rule, version in guide.questions:
        note = version.note or said.say(MARKS[version.confidence])
        yield f"- [{version.title}](#{rule.id}) *{version.cite}* {SIGNS[version.confidence]} – {note}"


def _reform(reform: ReformGuide, said: Words) -> Iterator[str]:
    yield _heading(f"reform-{reform.id}", f"{on_page('reforms', said)}: {reform.title}")
    yield ""
    yield reform.text
    yield ""
    yield on_page(
        "reform-intro",
        said,
        before=said.day(reform.before),
        after=said.day(reform.after),
        count=said.number(len(reform.changes)),
    )
    yield ""
    columns = [said.say(column) for column in COLUMNS]
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for change in reform.changes:
        none = on_page("reform-none", said)
        cells = [change.title, change.before or none, change.after or none, f"*{change.cite}*"]
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} {SIGNS[change.confidence]} |"


# ---------------------------------------------------------------- all pages


def law_pages(laws: Iterable[str] | None = None) -> dict[str, str]:
    """Return path below `docs/` → text, for every law in every language, and the index."""
    found: dict[str, str] = {}
    names = list(laws) if laws is not None else books()
    guides = {(name, code): annotate(load(name), code) for name in names for code in LANGUAGES}
    for (name, code), guide in guides.items():
        found[f"law/{name}.{code}.md"] = markdown(guide)
    title = " · ".join(on_page("index-title", words(code)) for code in LANGUAGES)
    lines = [f"# {title}", ""]
    for name in names:
        links = ", ".join(f"[{guides[name, code].title}](<{name}.{code}.md>)" for code in LANGUAGES)
        lines.append(f"- `{name}`: {links}")
    found["law/README.md"] = "\n".join(lines) + "\n"
    return found


def short_pages() -> dict[str, str]:
    """Return path below `docs/` → text: a short page for every law, with links to its rule book, and their index."""
    found, rows = {}, []
    for name in books():
        book = load(name)
        names = book.own["body"]["name"]
        titles = " · ".join(dict.fromkeys(names[code] for code in LANGUAGES if code in names))
        since, until = book.span
        life = f"from {since.isoformat()}" + (f" to {until.isoformat()}" if until else "")
        days = ", ".join(f"`{day.isoformat()}`" for day in book.days if day != since)
        found[f"law/{name}.md"] = "\n".join(
            [
                f"# {titles}",
                "",
                f"Rule book [`{name}`](../../../src/sailau/rulebook/books/{name}.toml), {life}.",
                *([f"It changes for polling days from {days}."] if days else []),
                "",
                "```sh",
                f"bin/sailau law show {name} --lang kk",
                "bin/docs                 # the law as a guide in three languages, in build/docs/law",
                "```",
                "",
            ]
        )
        rows.append(f"- [`{name}`]({name}.md): {titles}")
    head = [
        "# Laws",
        "",
        "How much of each law was read in its text, as `sailau law coverage` counts it: provisions, all versions together,",
        "without those that never govern the body.",
        "",
        *_coverage(),
        "",
        "`bin/docs` makes a guide of each in three languages, and the observer's kit to print, in `build/docs`.",
        "",
    ]
    found["law/README.md"] = "\n".join([*head, *rows]) + "\n"
    return found


def _coverage() -> list[str]:
    """Return the table of what was read, as lines of Markdown."""
    table = coverage_sheet([coverage(load(name)) for name in books()], "en")
    rows = [[column.head for column in table.columns], ["---"] * len(table.columns)]
    rows += [[cell.text for cell in row] for row in table.rows]
    return [f"| {' | '.join(row)} |" for row in rows]


def kit_pages() -> dict[str, str]:
    """Return path below `docs/` → text of the observer's kit in every language."""
    law = default_law()
    made = {code: kit_document(kit(law, code), f"observer-kit.{code}.pdf") for code in LANGUAGES}
    return {f"observer-kit.{code}.md": rendering.markdown(document) for code, document in made.items()}


def write(folder: Path) -> list[Path]:
    """Write all pages and the printable kit into a folder, and return what was written.

    A page that no law stands behind any more is removed from `law/`.
    """
    files = {name: text.encode() for name, text in {**law_pages(), **kit_pages()}.items()}
    files |= {f"observer-kit.{code}.pdf": kit_pdf(kit(default_law(), code)) for code in LANGUAGES}
    for old in (folder / "law").rglob("*.md"):
        if old.relative_to(folder).as_posix() not in files:
            old.unlink()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return [folder / name for name in files]


def write_short(folder: Path) -> list[Path]:
    """Write the short pages into the docs and return what was written."""
    for name, text in short_pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in short_pages()]


if __name__ == "__main__":
    made = write_short(Path(sys.argv[2])) if sys.argv[1] == "--short" else write(Path(sys.argv[1]))
    print(f"{len(made)} files")
