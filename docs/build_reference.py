"""Make the reference pages from the program itself: those of `PAGES`.

`python docs/build_reference.py` writes them; `--check` only says which are stale and exits with 1. What the words of a
rule book mean stands in docs/reference/vocabulary.toml, what cannot be generated in docs/reference/*.head.md.
"""

from __future__ import annotations

import dataclasses
import inspect
import io
import json
import os
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from unittest.mock import patch

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

HERE = Path(__file__).resolve().parent / "reference"
VOCABULARY: dict[str, Mapping[str, str]] = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
"""Name of a vocabulary → word → meaning."""
GLOSSARY: dict[str, list[dict[str, str]]] = tomllib.loads((HERE / "glossary.toml").read_text(encoding="utf-8"))
"""`term` → ideas with their word in each language."""
EXAMPLES: Mapping[str, str] = tomllib.loads((HERE / "library.toml").read_text(encoding="utf-8"))
"""Public name of the library → an example, which the tests of the pages run."""
KEYS: Mapping[str, str] = VOCABULARY.pop("keys")
"""What a key holds where the schema does not say it: `Tier.id` → meaning."""
_MARK = "<!-- Made by docs/build_reference.py: change the source and run it again. -->\n\n"


def head(name: str) -> str:
    """Return the hand-written beginning of a page."""
    return _MARK + (HERE / f"{name}.head.md").read_text(encoding="utf-8").rstrip() + "\n\n"


def cell(text: str) -> str:
    """Return text as it may stand in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


# ---------------------------------------------------------------------- rule-book.md


def rule_book() -> str:
    """Return the page of every block, key and word of a rule book."""
    from sailau.rulebook.schema import Body, Contest, Source, Tier
    from sailau.rulebook.sections import SECTION_MODELS

    counting = _reached([Body, Contest, Tier, Source])
    users = _users()
    sections = {
        name: getattr(import_module(home.split(":")[0]), home.split(":")[1]) for name, home in SECTION_MODELS.items()
    }
    conduct = [m for m in _reached(list(dict.fromkeys(sections.values()))) if m not in counting]
    parts = [head("rule-book"), "## Counting\n\n"]
    parts += [_block(model, users.get(model.__name__, [])) for model in counting]
    parts += ["## Further sections\n\n", _sections(sections)]
    parts += [_block(model, []) for model in conduct]
    parts += ["## Words\n\n", *(_words(name) for name in VOCABULARY)]
    return "".join(parts).rstrip() + "\n"


def _reached(starts: list[Any]) -> list[Any]:
    """Return models and those that stand in their fields, each after the first that uses it."""
    found: list[Any] = []

    def visit(model: Any) -> None:
        if model in found:
            return
        found.append(model)
        for field in model.model_fields.values():
            for inner in _models(field.annotation):
                visit(inner)

    for start in starts:
        visit(start)
    return found


def _models(annotation: Any) -> Iterator[Any]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _sections(sections: Mapping[str, Any]) -> str:
    lines = ["| section | holds |", "| --- | --- |"]
    lines += [f"| `[[{name}]]` | {_link(model)} |" for name, model in sections.items()]
    return "\n".join(lines) + "\n\n"


def _link(model: Any) -> str:
    return f"[{model.__name__}](#{model.__name__.lower()})"


def _users() -> dict[str, list[str]]:
    """Return block → the shipped laws in which it stands in some version."""
    from sailau.rulebook.book import books, load

    found: dict[str, list[str]] = {}
    for law in books():
        book = load(law)
        names = {name for day in (book.span[0], *book.days) for tier in book.on(day).tier for name in _blocks_in(tier)}
        for name in sorted(names):
            found.setdefault(name, []).append(law)
    return found


def _blocks_in(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield type(value).__name__
        value = [getattr(value, name) for name in value.model_fields_set]
    if isinstance(value, list):
        for part in value:
            yield from _blocks_in(part)


# Blocks of so few laws that it helps to say which.
_FEW = 7


def _block(model: Any, users: list[str]) -> str:
    """Return the entry of one block: what it is, who uses it, its keys."""
    from sailau.rulebook.provision import Provision

    text, attributes = _docstring(model)
    lines = [f"### {model.__name__}", "", text, ""]
    if 0 < len(users) <= _FEW:
        lines[2] += f" In use: {', '.join(f'`{law}`' for law in users)}."
    dated = issubclass(model, Provision) and model is not Provision
    rows = [_row(model, name, field, attributes) for name, field in _own_fields(model, dated)]
    if rows:
        lines += ["| key | value | default | meaning |", "| --- | --- | --- | --- |", *rows, ""]
    if dated:
        keys = "further keys" if rows else "keys"
        lines += [f"A provision: {keys} are those of [every provision](#what-every-provision-may-carry).", ""]
    return "\n".join(lines) + "\n"


def _own_fields(model: Any, dated: bool) -> Iterator[tuple[str, Any]]:
    from sailau.rulebook.provision import Provision

    shared = set(Provision.model_fields) if dated else set()
    return ((name, field) for name, field in model.model_fields.items() if name not in shared)


def _docstring(model: Any) -> tuple[str, Mapping[str, str]]:
    """Return the text of a docstring and what its section Attributes says of each field."""
    text = inspect.cleandoc(model.__doc__ or "")
    body, _, listed = text.partition("\nAttributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in listed.splitlines():
        if match := re.match(r"    (\w+): (.*)", line):
            name = match.group(1)
            found[name] = match.group(2)
        elif name and line.strip():
            found[name] += " " + line.strip()
    return body.strip(), found


def _row(model: Any, name: str, field: Any, attributes: Mapping[str, str]) -> str:
    key = field.alias or name
    default = "" if field.is_required() else _default(field)
    meaning = field.description or attributes.get(name, "") or attributes.get(name.rstrip("_"), "")
    meaning = meaning or KEYS.get(f"{model.__name__}.{key}", "") or KEYS.get(key, "") or _of_inner(field.annotation)
    if not meaning:
        raise LookupError(f"{model.__name__}.{key}: say under [keys] of docs/reference/vocabulary.toml what it holds")
    return f"| `{key}` | {_value(model, name, field.annotation)} | {default} | {cell(meaning)} |"


def _of_inner(annotation: Any) -> str:
    """Return the first sentence of the block that a key holds."""
    inner = next(_models(annotation), None)
    return _docstring(inner)[0].partition("\n\n")[0] if inner is not None else ""


def _default(field: Any) -> str:
    from fractions import Fraction

    from sailau.rulebook.provision import show_share

    value = field.default
    if value is PydanticUndefined or value in (None, "", [], {}, ()):
        return "–"
    if isinstance(value, Fraction):
        return f"`{value if value.denominator == 1 else show_share(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{', '.join(value)}`" if isinstance(value, tuple) else f"`{value}`"


_PLAIN = {"str": "text", "int": "whole number", "bool": "true or false", "date": "date", "Fraction": "share"}


def _value(model: Any, name: str, annotation: Any) -> str:
    """Say what a key may hold."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        words = [word for word in parts if word]
        return (
            f"`{words[0]}`" if len(words) == 1 and name == "op" else f"[word](#words-{vocabulary(model, name, words)})"
        )
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return _link(annotation)
    if origin is list or origin is tuple:
        return f"list of {_value(model, name, parts[0])}"
    if origin is dict:
        if get_origin(parts[0]) is Literal and set(get_args(parts[0])) == {"en", "kk", "ru"}:
            return "texts"
        return f"table of {_value(model, name, parts[1])}"
    inner = [part for part in parts if part is not NoneType and not _is_metadata(part)]
    if inner:
        return " or ".join(dict.fromkeys(_value(model, name, part) for part in inner))
    return _PLAIN.get(getattr(annotation, "__name__", ""), "any")


def _is_metadata(part: Any) -> bool:
    return not (inspect.isclass(part) or get_origin(part) is not None)


def vocabulary(model: Any, name: str, words: list[str]) -> str:
    """Return the name of the vocabulary that explains a key's words.

    Raises:
        LookupError: no vocabulary has them all, so the page could not say what they mean.
    """
    key = name.rstrip("_").replace("_", "-")
    fitting = [v for v, meanings in VOCABULARY.items() if set(words) <= set(meanings)]
    named = [v for v in fitting if v == key] or [v for v in fitting if key in v.split("-")] or fitting
    if not named:
        raise LookupError(
            f"{model.__name__}.{name}: say in docs/reference/vocabulary.toml what {', '.join(words)} mean"
        )
    return min(named, key=lambda v: len(VOCABULARY[v]))


def _words(name: str) -> str:
    rows = "\n".join(f"| `{word}` | {cell(meaning)} |" for word, meaning in VOCABULARY[name].items())
    return f"### Words: {name}\n\n| word | meaning |\n| --- | --- |\n{rows}\n\n"


# ---------------------------------------------------------------------- facts.md


def facts() -> str:
    """Return the table of facts: name, meaning, values, the papers, and the articles that ask for each."""
    from sailau.rulebook.facts import FACTS

    asked = _asked()
    parts = [head("facts")]
    for of, title in (("person", "Persons"), ("list", "Lists"), ("party", "Parties")):
        rows = [f for f in FACTS.values() if f.of == of]
        parts.append(f"## {title}: columns of {rows[0].file}\n\n")
        parts.append("| column | meaning | values | paper | asked for by |\n| --- | --- | --- | --- | --- |\n")
        for fact in rows:
            values = " ".join(f"`{v}`" for v in fact.values) or _FACT_KINDS[fact.kind]
            paper = fact.document.get("en", "") + (" (health: shown only as a number)" if fact.health else "")
            articles = "; ".join(f"{cite}: {', '.join(laws)}" for cite, laws in asked.get(fact.name, {}).items())
            parts.append(
                f"| `{fact.name}` | {cell(fact.meaning['en'])} | {values} | {cell(paper)} | {cell(articles)} |\n"
            )
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


_FACT_KINDS = {
    "bool": "`yes`, `no`",
    "date": "date; date and hour; or year",
    "int": "number; share as `5.20%`",
    "text": "text",
    "choice": "",
}


def _asked() -> dict[str, dict[str, list[str]]]:
    """Return fact → article → the laws whose conditions ask for it, over all versions of all books."""
    from sailau.rulebook.book import books, load

    found: dict[str, dict[str, list[str]]] = {}
    for law in books():
        book = load(law)
        for condition in book.data.get("condition", []):
            bodies = condition.get("bodies") or [law]
            if law not in bodies:
                continue
            for fact in _facts_in([condition.get("test", {}), condition.get("when", [])]):
                laws = found.setdefault(fact, {}).setdefault(condition.get("cite", ""), [])
                if law not in laws:
                    laws.append(law)
    return found


def _facts_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("fact", "of", "after", "other") and isinstance(value, str):
                yield value
            else:
                yield from _facts_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _facts_in(value)


# ---------------------------------------------------------------------- commands.md


def commands() -> str:
    """Return the page of every command with its own help."""
    import typer

    from sailau.cli.app import app, read_all
    from sailau.cli.contents import HOMES

    read_all()
    root = typer.main.get_command(app)
    order = [name for names in HOMES.values() for name in names]
    names = sorted(_command_names(root, []), key=lambda words: order.index(words[0]))
    shown = [f"## sailau {' '.join(words)}\n\n```text\n{help_of(words)}\n```\n\n" for words in names]
    return head("commands") + "".join(shown).rstrip() + "\n"


def _command_names(command: Any, words: list[str]) -> Iterator[list[str]]:
    held = getattr(command, "commands", None)
    if held is None:
        yield words
        return
    for name, inner in held.items():
        yield from _command_names(inner, [*words, name])


def help_of(words: list[str]) -> str:
    """Return what `sailau … --help` prints on a screen of 80 columns."""
    from sailau.cli.app import run

    output = io.StringIO()
    with patch.dict(os.environ, {"COLUMNS": "80", "NO_COLOR": "1"}), redirect_stdout(output):
        run([*words, "--help"])
    return "\n".join(line.rstrip() for line in output.getvalue().strip().splitlines())


# ---------------------------------------------------------------------- library.md


def library() -> str:
    """Return the page of every public name with its signature and docstring."""
    import sailau

    # Rooms that can be called by their name (`sailau.counting`) hand on to the verb of the same name.
    api = import_module("sailau.api")
    values = {name: getattr(api, name, None) or getattr(sailau, name) for name in sailau.__all__}
    verbs = "".join(_entry(name, value) for name, value in values.items() if not inspect.isclass(value))
    nouns = "".join(_entry(name, value) for name, value in values.items() if inspect.isclass(value))
    return f"{head('library')}## Verbs\n\n{verbs}## Nouns\n\n{nouns}".rstrip() + "\n"


def _entry(name: str, value: Any) -> str:
    text = inspect.cleandoc(value.__doc__ or "") if not _generated_doc(value) else ""
    lines = [f"### {name}", ""]
    if callable(value) and not inspect.isclass(value):
        lines += ["```text", f"sailau.{name}{_signature(value)}", "```", ""]
    lines += ["```text", text, "```", ""] if text else []
    lines += ["```python", *EXAMPLES[name].strip().split("\n"), "", "```", ""]
    if inspect.isclass(value):
        lines += [line for member in _members(value) for line in member]
    return "\n".join(lines) + "\n"


def _generated_doc(value: Any) -> bool:
    return inspect.isclass(value) and (value.__doc__ or "").startswith(f"{value.__name__}(")


def _signature(function: Any) -> str:
    """Return names and defaults; what they may be is said in the docstring."""
    signature = inspect.signature(function)
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    shown = str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty)).replace("'", '"')
    return textwrap.fill(shown, 100, subsequent_indent="    ", break_on_hyphens=False)


def _members(value: Any) -> Iterator[list[str]]:
    """Yield the public methods and properties of a class, those of its bases in this house included, each in a line."""
    rows = []
    own = [kind for kind in reversed(value.__mro__) if kind.__module__.startswith("sailau.")]
    for name, member in {name: member for kind in own for name, member in vars(kind).items()}.items():
        if name.startswith(("_", "model_")) and name != "__call__":
            continue
        function = getattr(member, "func", None) or getattr(member, "fget", None) or getattr(member, "__func__", member)
        if not inspect.isfunction(function) or not function.__doc__:
            continue
        name = "" if name == "__call__" else f".{name}"
        called = name if function is not member and not isinstance(member, classmethod) else f"{name}(…)"
        rows.append(f"| `{called}` | {cell(inspect.cleandoc(function.__doc__).split(chr(10) + chr(10))[0])} |")
    if rows:
        yield ["| member | what it gives |", "| --- | --- |", *rows, ""]


# ---------------------------------------------------------------------- models.md


def glossary() -> str:
    """Return the page of words: one for each idea in each language."""
    rows = [f"| {term['en']} | {term['ru']} | {term['kk']} | {term['means']} |" for term in GLOSSARY["term"]]
    return "\n".join(
        [
            "# Words, one for each idea",
            "",
            "Screens, pages and papers use these words and no others, in each language those of the law. What the law does",
            "not name takes the commission's word, then the press's. A test looks for words that are not these.",
            "",
            "| English | Russian | Kazakh | what it is |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def models() -> str:
    """Return the page of every model of uncertain votes and its parameters."""
    from sailau.simulation import models as room
    from sailau.simulation import polls

    both = room.Swing.__mro__[1]
    parts = [head("models"), _model("swing", room.Swing, both), _model("polls", room.Polls, both)]
    parts.append(_model("What both share", both, object))
    return "".join(parts) + "## A file of polls\n\n" + inspect.cleandoc(polls.__doc__ or "") + "\n"


def _model(title: str, model: Any, shared: Any) -> str:
    text, meanings = _docstring(model)
    known = {f.name for f in dataclasses.fields(shared)} if dataclasses.is_dataclass(shared) else set()
    rows = [
        f"| `{f.name}` | {_initial(f)} | {cell(meanings.get(f.name, ''))} |"
        for f in dataclasses.fields(model)
        if f.name not in known
    ]
    table = "\n".join(["| parameter | default | meaning |", "| --- | --- | --- |", *rows])
    return f"## {title}\n\n{text}\n\n{table}\n\n"


def _initial(field: Any) -> str:
    return "–" if field.default in (dataclasses.MISSING, (), None) else f"`{field.default}`"


def limits() -> str:
    """Return the page of how much is read."""
    from sailau.rulebook.limits import LIMITS

    rows = [f"| `{x.name}` | {x.most:,} | {cell(x.of)} | {cell(x.why)} |\n" for x in LIMITS]
    return head("limits") + "| limit | at most | of what | why |\n| --- | ---: | --- | --- |\n" + "".join(rows)


def answers() -> str:
    """Return the JSON Schema of what commands print with `--json`, one key a line."""
    from sailau.answers import answers_schema

    return json.dumps(answers_schema(), ensure_ascii=False, indent=1) + "\n"


PAGES = {
    "rule-book.md": rule_book,
    "facts.md": facts,
    "commands.md": commands,
    "library.md": library,
    "models.md": models,
    "limits.md": limits,
    "glossary.md": glossary,
    "json.schema.json": answers,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are stale."""
    stale = []
    for name, make in PAGES.items():
        page, text = HERE / name, make()
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            page.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        print(f"stale: {', '.join(stale)} – run python docs/build_reference.py")
        return 1
    print(f"{len(PAGES)} pages, {len(stale)} written" if "--check" not in arguments else "reference pages are fresh")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
