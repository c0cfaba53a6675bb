"""The catalogues of the room `wording`: collect its sentences, write them into every .po, compile every .mo.

Run `python -m tests.wording.catalogues` after a sentence was added or changed, translate what it names, run it again.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sailau.wording.language import DOMAIN, LANGUAGES, LOCALE

ROOM = LOCALE.parent
SINGLE, COUNTED = ("say", "marked"), ("plural", "counted")
"""Names of the functions whose first one, or first two, arguments are sentences."""
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
_WIDTH = 118
_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def sentences() -> Catalog:
    """Return every sentence of the room, in the order of its files."""
    catalog = Catalog(project="sailau", charset="utf-8")
    for path in sorted(ROOM.glob("*.py")):
        calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
        for call in sorted(calls, key=lambda n: (n.lineno, n.col_offset)):
            message = _message(call)
            if message:
                catalog.add(message)
    return catalog


def _message(call: ast.Call) -> str | tuple[str, ...] | None:
    """Return the sentence, or both forms of a counted one, that a call names."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    number = 1 if name in SINGLE else 2 if name in COUNTED else 0
    texts = [a.value for a in call.args[:number] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if not number or len(texts) < number:
        return None
    return texts[0] if number == 1 else tuple(texts)


def po_path(language: str) -> Path:
    """Return where the translations of a language stand."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Return the translations of a language."""
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def missing(catalog: Catalog) -> Iterator[str]:
    """Yield the sentences that a catalogue does not translate, or only guesses."""
    for message in catalog:
        texts = [message.string] if isinstance(message.id, str) else list(message.string or ("",))
        if message.id and (message.fuzzy or not all(texts)):
            yield message.id if isinstance(message.id, str) else message.id[0]


def _new(language: str) -> Catalog:
    """Return an empty catalogue with a header that does not change from day to day."""
    return Catalog(
        locale=language,
        domain=DOMAIN,
        charset="utf-8",
        project="sailau",
        version="1",
        fuzzy=False,
        creation_date=_DAY,
        revision_date=_DAY,
        msgid_bugs_address="",
        last_translator="sailau",
        language_team=language,
        header_comment="# Sentences of sailau; the message ids are English. See tests/wording/catalogues.py.",
    )


def update() -> int:
    """Bring every catalogue up to date; return how many sentences wait for a translation."""
    held = sentences()
    waiting = 0
    for language in TRANSLATED:
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        before = read(language) if path.exists() else Catalog()
        catalog = _new(language)
        for message in held:
            if message.id:
                known = before.get(message.id)
                catalog.add(message.id, known.string if known is not None and known.string else "")
        with path.open("wb") as file:
            write_po(file, catalog, width=_WIDTH, no_location=True)
        path.with_suffix(".mo").write_bytes(compiled(read(language)))
        for text in missing(catalog):
            waiting += 1
            print(f"{language}: {text}")
    return waiting


if __name__ == "__main__":
    sys.exit(1 if update() else 0)
