"""The catalogues: complete, fresh, with the values and the plural forms of every sentence."""

import gettext
import re
import subprocess
import sys
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from sailau.wording.language import DOMAIN, LOCALE, words
from wording.catalogues import TRANSLATED, missing, read, sentences

LEFT_TO_THE_NUMBER = {"n"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())  # type: ignore[call-overload]


@pytest.fixture(params=TRANSLATED)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return read(request.param)


def test_every_sentence_is_translated_and_nothing_else(catalog: Catalog) -> None:
    wanted = {m.id for m in sentences() if m.id}
    assert {m.id for m in catalog if m.id} == wanted
    assert list(missing(catalog)) == []


def test_a_translation_has_the_values_of_its_sentence(catalog: Catalog) -> None:
    for message in catalog:
        wanted = set().union(*(fields(t) for t in texts(message.id)))
        for text in texts(message.string) if message.id else ():
            assert fields(text) | LEFT_TO_THE_NUMBER == wanted | LEFT_TO_THE_NUMBER, text


CODE = re.compile(r"[\w./@=|\[\]…:,#^-]*(?:[./@=_|#^\[\]]|--|\d)[\w./@=|\[\]…:,#^-]*|\b[A-Z]{2,}\b|`[^`]*`")
"""What is typed or read by a program: names of files, options, keys, formats."""

FORMATS = frozenset(("Atom",))
"""Formats that bear a word as their name."""


def words_of(text: str) -> set[str]:
    """Return the words in Latin letters of a sentence without its values and without code."""
    plain = CODE.sub(" ", "".join(x for x, *_ in Formatter().parse(text) if x))
    return set(re.findall(r"[A-Za-z]+", plain)) - FORMATS


def test_a_translation_is_not_english(catalog: Catalog) -> None:
    """A word in Latin letters stands in a fault only where it is typed so: a key, a value."""
    from sailau.wording.faults import PHRASES

    latin = {t: words_of(t) for m in catalog if m.id and m.id not in PHRASES for t in texts(m.string) if words_of(t)}
    assert latin == {}
    typed = {t: words_of(t) - words_of(str(m.id)) for m in catalog if m.id in PHRASES for t in texts(m.string)}
    assert {t: w for t, w in typed.items() if w} == {}


def test_the_compiled_catalogue_is_fresh(catalog: Catalog) -> None:
    language = str(catalog.locale)
    held = gettext.translation(DOMAIN, LOCALE, [language])
    forms = catalog.num_plurals
    for message in catalog:
        if not message.id:
            continue
        if isinstance(message.id, str):
            assert held.gettext(message.id) == message.string
        else:
            one, many = message.id
            said = {held.ngettext(one, many, n) for n in range(200)}
            assert said == set(texts(message.string)), message.id
            assert len(texts(message.string)) == forms


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 мандат"),
        (2, "2 мандата"),
        (5, "5 мандатов"),
        (11, "11 мандатов"),
        (21, "21 мандат"),
        (69, "69 мандатов"),
        (104, "104 мандата"),
    ],
)
def test_russian_forms_follow_the_number(number: int, text: str) -> None:
    assert words("ru").plural("{n} seat", "{n} seats", number) == text


def test_kazakh_nouns_stay_singular_after_a_number() -> None:
    assert {words("kk").plural("{n} seat", "{n} seats", n)[-6:] for n in (1, 2, 69)} == {"мандат"}


def test_english_needs_no_catalogue() -> None:
    assert words("en").plural("{n} seat", "{n} seats", 1) == "1 seat"
    assert words("en").plural("{n} seat", "{n} seats", 1_000) == "1,000 seats"


def test_the_room_runs_without_the_tool_that_makes_catalogues() -> None:
    code = "import sys; from sailau.wording import explain; print('babel' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_an_unknown_language_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="en, kk, ru"):
        words("xx")
