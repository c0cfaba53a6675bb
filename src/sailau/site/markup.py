"""Templates and what they need: every text is escaped, every address is relative, every asset has its digest in its name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sailau import __version__
from sailau.extras import library
from sailau.rulebook.marks import visible

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'"
)
"""What a page may load: its own files and nothing else; no script and no style within it."""
LANGUAGES = ("kk", "ru", "en")
_READ = (".py", ".toml", ".mo", ".html", ".css", ".js", ".svg")


@lru_cache(maxsize=1)
def environment() -> Any:
    """Return the templates' environment: undefined names are errors, everything is escaped."""
    jinja2 = library("jinja2", "site", "publish")
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    from sailau.site.drawings import bar, swatch

    made.globals.update(bar=bar, swatch=swatch, policy=POLICY, made="", extras=(), trail=(), section=None, record=None)
    return made


def _shown(value: Any) -> Any:
    """Make signs visible that would turn text round or act; markup of ours is left as it is."""
    return visible(value) if type(value) is str else value


@lru_cache(maxsize=1)
def assets() -> Mapping[str, tuple[str, bytes]]:
    """Return name of an asset → its path in the site, with its digest, and its content."""
    found = {}
    for path in sorted(STATIC.iterdir()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:10]
        found[path.name] = (f"static/{path.stem}.{digest}{path.suffix}", content)
    return found


@lru_cache(maxsize=1)
def look() -> str:
    """Return a digest of what every page depends on: templates, assets, sentences, and the program that fills them in."""
    digest = hashlib.sha256(__version__.encode())
    for room in ("site", "wording", "pictures"):
        for path in sorted((HERE.parent / room).rglob("*")):
            if path.suffix in _READ:
                digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Address:
    """Where a page stands: its language, the folder of its election, and its path in that.

    Attributes:
        language: first part of the address.
        prefix: folder of the election, with a slash at its end; empty for a site of one.
        path: `contests/list/`, empty for the first page.
    """

    language: str
    prefix: str
    path: str

    @cached_property
    def folder(self) -> str:
        """The page's folder in the site."""
        return f"{self.language}/{self.prefix}{self.path}"

    @cached_property
    def root(self) -> str:
        """The way from the page up to the site's root."""
        return "../" * self.folder.count("/")

    def to(self, path: str) -> str:
        """Return the relative address of another page of the same election and language."""
        return f"{self.root}{self.language}/{self.prefix}{path}"

    def data(self, path: str) -> str:
        """Return the relative address of a data file of the election."""
        return f"{self.root}data/{self.prefix}{path}"

    def asset(self, name: str) -> str:
        """Return the relative address of an asset."""
        return self.root + assets()[name][0]

    def switch(self) -> Iterator[tuple[str, str, str]]:
        """Yield the languages, what they call themselves, and where this page stands in them."""
        from sailau.wording.language import OWN_NAMES

        for code in LANGUAGES:
            yield code, OWN_NAMES[code], f"{self.root}{code}/{self.prefix}{self.path}"


def render(template: str, **values: Any) -> bytes:
    """Return a template filled in, in UTF-8; half letters, which no page can hold, as marks."""
    text: str = environment().get_template(template).render(**values)
    return text.encode("utf-8", "replace")
