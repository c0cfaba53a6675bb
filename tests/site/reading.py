"""Reads pages as a browser would: links, tables with their numbers, what a page loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Read(HTMLParser):
    """One page: `hrefs`, `ids`, `loads` (what it fetches), `rows` of its tables (texts and numbers), `text`."""

    hrefs: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    loads: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)
    language: str = ""
    text: str = ""
    _cell: list[str] | None = None
    _raw: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if "id" in held:
            self.ids.add(held["id"])
        if tag == "html":
            self.language = held["lang"]
        if tag == "a" and "href" in held:
            self.hrefs.append(held["href"])
        if tag == "meta" and "content" in held:
            self.metas[held.get("name") or held.get("http-equiv", "")] = held["content"]
        if tag == "link":
            self.loads.append(held["href"])
        if "src" in held:
            self.loads.append(held["src"])
        if (tag == "script" and "src" not in held) or tag == "style":
            self.inline.append(tag)
        self.inline += [name for name in held if name == "style" or name.startswith("on")]
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self._cell = [held.get("data-value", "")]
        self._raw = tag if tag in ("script", "style") else ""

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.text += data
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None and self.tables and self.tables[-1]:
            value, *texts = self._cell
            self.tables[-1][-1].append(value or "".join(texts).strip())
            self._cell = None
        self._raw = ""

    def numbers(self) -> list[list[str]]:
        """Return the rows of all tables that hold a number, those numbers only."""
        rows = [[cell for cell in row if cell.isdecimal()] for table in self.tables for row in table]
        return [row for row in rows if row]


def read(page: bytes) -> Read:
    """Return a page, read."""
    found = Read()
    found.feed(page.decode())
    return found
