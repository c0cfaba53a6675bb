"""Rules of the house that no linter knows: no country and no case in the code, no text for people outside `wording`.

Exits with 1 and one line per breach.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sailau"
COUNTRIES = (
    "Kazakhstan",
    "Kazakh",
    "Mongolia",
    "Moldova",
    "Spain",
    "Spanish",
    "Lithuania",
    "Czechia",
    "Czech",
    "Norway",
    "Norwegian",
    "Bulgaria",
    "Georgia",
    "Switzerland",
    "Swiss",
    "Zurich",
    "Mazhilis",
    "Kurultai",
    "Maslikhat",
    "Storting",
    "Seimas",
    "Khural",
)


def forbidden() -> re.Pattern[str]:
    """Return a pattern of countries' names, ids of laws and ids of cases."""
    laws = [f"{p.parent.name}/{p.stem}" for p in SOURCE.glob("rulebook/books/*/*.toml")]
    cases = [p.parent.name for p in SOURCE.glob("cases/*/case.toml")]
    codes = sorted({p.name for p in (SOURCE / "rulebook" / "books").iterdir() if p.is_dir()})
    words = "|".join(re.escape(word) for word in [*COUNTRIES, *laws, *cases])
    quoted = "|".join(f"[\"']{code}(/[a-z-]*)?[\"']" for code in codes if code not in ("kk", "ru", "en", "no"))
    return re.compile(rf"\b({words})\b|{quoted}", re.IGNORECASE)


def breaches() -> Iterator[str]:
    """Yield one line per breach."""
    pattern = forbidden()
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = (
                pattern.search(token.string)
                if token.type in (tokenize.STRING, tokenize.COMMENT, tokenize.NAME)
                else None
            )
            if match and not _allowed(match.group(0)):
                yield f"{path.relative_to(ROOT)}:{token.start[0]}: “{match.group(0)}” names a country, a law or a case"


PAGES = (".html", ".js", ".css")


def breaches_of_pages() -> Iterator[str]:
    """Yield one line per breach in templates and scripts: they name no country, law or case, and hold no text for people."""
    pattern = forbidden()
    words = re.compile(r">[^<>{}\n]*[^\W\d_]{4,}[^<>{}\n]*<")
    for path in sorted(p for p in SOURCE.rglob("*") if p.suffix in PAGES):
        text = re.sub(r"\{[%{#].*?[%}#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), 1):
            name = f"{path.relative_to(ROOT)}:{number}"
            if match := pattern.search(line):
                yield f"{name}: “{match.group(0)}” names a country, a law or a case"
            if CYRILLIC.search(line) or (
                path.suffix == ".html" and words.search(re.sub(">(Sailau|JSON)<", "><", line))
            ):
                yield f"{name}: text for people outside wording"


CYRILLIC = re.compile(r"[\u0400-\u04ff]")
SENTENCES = frozenset(
    (
        "site/observer_kit.toml",
        "site/reforms.toml",
        "rulebook/facts.toml",
    )
)
"""Files of sentences that still stand outside `wording`; the list may only become shorter."""


def misplaced() -> Iterator[str]:
    """Yield one line per text for people outside the room `wording`: sentences are its catalogue's, or data of laws and cases."""
    for path in sorted(SOURCE.rglob("*")):
        name = path.relative_to(SOURCE).as_posix()
        if path.suffix not in (".py", ".toml") or name.startswith(
            ("wording/", "cases/", "rulebook/books/", "exchange/mappings/")
        ):
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if CYRILLIC.search(text)), 0)
        if line and name not in SENTENCES:
            yield f"src/sailau/{name}:{line}: text for people outside wording"
    for name in sorted(SENTENCES):
        if not (SOURCE / name).exists():
            yield f".ci/house_rules.py: {name} is gone; take it off the list"


LOOKED_UP = frozenset(
    ("cli/app.py", "extras.py", "rulebook/jsonschema.py", "rulebook/sections.py", "simulation/cluster.py")
)
"""Files that look a module up by its name: commands, libraries of extras, models of sections. Rooms are imported plainly."""


def hidden_imports() -> Iterator[str]:
    """Yield one line per module that is looked up by its name where import-linter cannot see it; doors may be lazy."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if (
            path.name != "__init__.py"
            and name not in LOOKED_UP
            and "import_module(" in path.read_text(encoding="utf-8")
        ):
            yield f"src/sailau/{name}: import_module hides an import"


def doubled() -> Iterator[str]:
    """Yield one line per class whose name another file has, too."""
    homes: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        for match in re.finditer(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            homes.setdefault(match[1], []).append(name)
    for name, files in sorted(homes.items()):
        if len(files) > 1:
            yield f"class {name} stands in {', '.join(files)}"


def _allowed(word: str) -> bool:
    """Say that the language Kazakh may be named: it is one of the three languages of every text."""
    return word.lower() == "kazakh"


if __name__ == "__main__":
    found = [*breaches(), *breaches_of_pages(), *misplaced(), *hidden_imports(), *doubled()]
    print("\n".join(found) or "house rules hold")
    sys.exit(1 if found else 0)
