"""The pages made from the rule books: one per law and language, an index, and the observer's kit; `bin/docs` makes them.

They are built into a folder that git ignores: `python -m sailau.site.pages build/docs`. In the docs stands a short
page for each law, with the way to its rule book: `python -m sailau.site.pages --short docs`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sailau.rulebook import books, load
from sailau.site.annotated import CHAPTERS, Guide, Reform, Rule, Version, annotate
from sailau.site.observer_kit import default_law, kit, kit_markdown, kit_pdf
from sailau.site.phrases import LANGUAGES, Phrases
from sailau.wording.language import OWN_NAMES
from sailau.writing import write_whole

MARKS = {"statute": "●", "reported": "◐", "secondary": "○", "unverified": "?"}


def markdown(guide: Guide) -> str:
    """Return the page of a law: chapter by chapter, then open questions, reforms and sources."""
    p = Phrases(guide.language)
    lines = [f"# {guide.title}", "", *_head(guide, p), *_short(guide, p)]
    chapters = [name for name in CHAPTERS if guide.chapter(name)]
    lines += [f"## {p.say('page.contents')}", ""]
    titles = [(name, p.say(f"chapter.{name}")) for name in chapters]
    titles += [("questions", p.say("page.questions"))] if guide.questions else []
    titles += [(f"reform-{r.id}", r.title) for r in guide.reforms]
    titles += [("sources", p.say("page.sources"))]
    lines += [f"- [{title}](#{name})" for name, title in titles]
    for name in chapters:
        lines += ["", *_chapter(guide, name, p)]
    lines += ["", *_questions(guide, p)] if guide.questions else []
    for reform in guide.reforms:
        lines += ["", *_reform(reform, p)]
    lines += ["", _heading("sources", p.say("page.sources")), ""]
    for key, title, url in guide.sources:
        lines.append(f"- `{key}` {title}" + (f" – <{url}>" if url else ""))
    return "\n".join(lines) + "\n"


def _heading(anchor: str, title: str) -> str:
    return f'## <a id="{anchor}"></a>{title}'


def _head(guide: Guide, p: Phrases) -> Iterator[str]:
    yield p.say("page.made", file=guide.file)
    yield ""
    if guide.until is None:
        life = p.say("page.lives", since=p.day(guide.since, "from"))
    else:
        life = p.say("page.lived", since=p.day(guide.since, "from"), until=p.day(guide.until, "to"))
    yield " ".join([life, p.say("page.seats", number=guide.seats) if guide.seats else ""]).strip()
    for note in guide.notes:
        yield ""
        yield note
    yield ""
    yield f"**{p.say('page.marks')}**"
    yield ""
    for mark in MARKS:
        yield f"- {p.say(f'page.mark-{mark}')}"
    yield ""
    stem = guide.law.rpartition("/")[2]
    others = [f"[{OWN_NAMES[code]}]({stem}.{code}.md)" for code in LANGUAGES if code != guide.language]
    yield f"{p.say('page.other-languages')} {', '.join(others)}"
    yield ""


_SHORT = ("seats", "threshold", "majority", "mandates", "mandates.quota", "adoption", "regional")


def _short(guide: Guide, p: Phrases) -> Iterator[str]:
    """Yield the law in a few lines: seats, bars, who takes them, who may vote and stand – as it stands at the end."""
    yield f"## {p.say('page.short')}"
    yield ""
    standing = [rule for rule in guide.rules if rule.newest.until is None]
    for rule in standing:
        if rule.chapter in ("seats", "persons") and rule.id.partition(".")[2] in _SHORT:
            yield f"- [{rule.title}](#{rule.id}): {rule.newest.text}"
    for chapter in ("vote", "stand"):
        titles = [rule.title for rule in standing if rule.chapter == chapter]
        if titles:
            yield f"- [{p.say(f'chapter.{chapter}')}](#{chapter}): {'; '.join(titles)}."
    yield ""


def _chapter(guide: Guide, name: str, p: Phrases) -> Iterator[str]:
    yield _heading(name, p.say(f"chapter.{name}"))
    yield ""
    yield p.say(f"chapter.{name}-intro")
    yield ""
    for rule in guide.chapter(name):
        yield from rule_lines(rule, p)


def rule_lines(rule: Rule, p: Phrases) -> Iterator[str]:
    """Yield the lines of one rule: how it stands, how it stood, what is open."""
    newest = rule.newest
    yield f'- <a id="{rule.id}"></a>**{_stopped(newest.title)}** {_said(newest, p)}'.rstrip()
    if newest.note:
        yield f"  - *{p.say('page.note')}* {newest.note}"
    for version in reversed(rule.versions[:-1]):
        title = f"**{_stopped(version.title)}** " if version.title != newest.title else ""
        yield f"  - {title}{_said(version, p)}"
        if version.note and version.note != newest.note:
            yield f"    - *{p.say('page.note')}* {version.note}"


def _stopped(title: str) -> str:
    return title if title.endswith((".", "!", "?", "…")) else f"{title}."


def _said(version: Version, p: Phrases) -> str:
    text = f"{version.text} " if version.text else ""
    when = span(version, p)
    force = f", {p.say('page.in-force', day=p.day(version.in_force, 'on'))}" if version.in_force else ""
    return f"{text}`{version.cite}` {MARKS[version.confidence]}" + (f" ({when}{force})" if when else "")


def span(version: Version, p: Phrases) -> str:
    """Return for which votes a version holds; empty where it is for all of the law's life."""
    since, until = version.since, version.until
    if since is not None and until is not None:
        if (until - since).days == 1:
            return p.say("page.one-day", since=p.day(since, "of"))
        return p.say("page.between", since=p.day(since, "from"), until=p.day(until, "to"))
    if since is not None:
        return p.say("page.from", since=p.day(since, "from"))
    return p.say("page.before", until=p.day(until, "to")) if until is not None else ""


def _questions(guide: Guide, p: Phrases) -> Iterator[str]:
    yield _heading("questions", p.say("page.questions"))
    yield ""
    yield p.say("page.questions-intro")
    yield ""
    for rule, version in guide.questions:
        note = version.note or p.say(f"page.mark-{version.confidence}")
        yield f"- [{version.title}](#{rule.id}) `{version.cite}` {MARKS[version.confidence]} – {note}"


def _reform(reform: Reform, p: Phrases) -> Iterator[str]:
    yield _heading(f"reform-{reform.id}", f"{p.say('page.reforms')}: {reform.title}")
    yield ""
    yield reform.text
    yield ""
    yield p.say(
        "page.reform-intro",
        before=p.day(reform.before, "of"),
        after=p.day(reform.after, "of"),
        count=len(reform.changes),
    )
    yield ""
    columns = p.say("page.reform-columns").split("|")
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for change in reform.changes:
        none = p.say("page.reform-none")
        cells = [change.title, change.before or none, change.after or none, f"`{change.cite}`"]
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} {MARKS[change.confidence]} |"


# ---------------------------------------------------------------- all pages


def law_pages(laws: Iterable[str] | None = None) -> dict[str, str]:
    """Return path below `docs/` → text, for every law in every language, and the index."""
    found: dict[str, str] = {}
    names = list(laws) if laws is not None else books()
    guides = {(name, code): annotate(load(name), code) for name in names for code in LANGUAGES}
    for (name, code), guide in guides.items():
        found[f"law/{name}.{code}.md"] = markdown(guide)
    title = " · ".join(Phrases(code).say("page.index-title") for code in LANGUAGES)
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
        "`bin/docs` makes a guide of each in three languages, and the observer's kit to print, in `build/docs`.",
        "",
    ]
    found["law/README.md"] = "\n".join([*head, *rows]) + "\n"
    return found


def kit_pages() -> dict[str, str]:
    """Return path below `docs/` → text of the observer's kit in every language."""
    law = default_law()
    return {f"observer-kit.{code}.md": kit_markdown(kit(law, code), f"observer-kit.{code}.pdf") for code in LANGUAGES}


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
