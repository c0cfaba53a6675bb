"""The same pages, live: made when they are asked for, kept until the case changes, with what-ifs of the reader's own.

Nothing is read from a disk by an address: a page is looked up among those that there are.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.changes import parse_sets
from sailau.site.feed import extended
from sailau.site.markup import LANGUAGES, POLICY
from sailau.site.publish import Histories, State, files_of, sites_of, state_of
from sailau.site.release import File
from sailau.site.worker import UnansweredError, Worker

CHANGES, LETTERS = 8, 400
"""Changes of one what-if, and letters of its address, at most."""
_KEPT = 256
_LOOK = 1.0
"""Seconds between two looks whether a case has changed."""
_PACKED = 1000
_TYPES = {".js": "text/javascript", ".csv": "text/csv", ".xml": "application/atom+xml"}
HEADERS = {
    "Content-Security-Policy": POLICY + "; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True)
class Shown:
    """An answer at hand: content, packed content, its digest and type."""

    content: bytes
    packed: bytes | None
    digest: str
    kind: str


class Live:
    """One case, counted, its pages made as they are asked for."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.worker = Worker()
        self._lock = threading.Lock()
        self._files: dict[str, File] = {}
        self._shown: dict[str, tuple[str, Shown]] = {}
        self._changes: Histories = {}
        self._asked: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._state: State = ()
        self._looked = 0.0
        self._read()

    def _read(self) -> None:
        """Count the case and take over its files; an unsound case leaves what was shown."""
        self._state = state_of(self.where)
        sites = sites_of(self.where)
        self._changes = {site.prefix: extended(self._changes.get(site.prefix, ()), site) for site in sites}
        self._files = {file.path: file for file in files_of(sites, self._changes)}
        self._asked.clear()
        self._looked = time.monotonic()

    def _refresh(self) -> None:
        if time.monotonic() - self._looked < _LOOK or not self._lock.acquire(blocking=False):
            return
        try:
            self._looked = time.monotonic()
            if state_of(self.where) != self._state:
                self._read()
        except BadInput:
            pass
        finally:
            self._lock.release()

    def shown(self, path: str) -> Shown | None:
        """Return what stands at a path of the site, None where nothing does."""
        self._refresh()
        file = self._files.get(f"{path}index.html" if path == "" or path.endswith("/") else path)
        if file is None:
            return None
        held = self._shown.get(file.path)
        if held is None or held[0] != file.depends:
            held = (file.depends, shown_of(file.path, file.make()))
            self._shown[file.path] = held
        return held[1]

    def whatif(self, language: str, query: str) -> bytes:
        """Return the first page under changed provisions, `set=PATH=VALUE&…`.

        Raises:
            UnansweredError: too many changes, faulty ones, or a count beyond the limits.
            BadInput: a change that cannot be read.
        """
        texts = [value for key, value in parse_qsl(query[: LETTERS + 1]) if key == "set"]
        if not texts or len(texts) > CHANGES or len(query) > LETTERS:
            expected = f"set=PATH=VALUE, at most {CHANGES} changes in {LETTERS} letters"
            raise BadInput([Fault("address", 0, "", f"{len(texts)} changes", expected)])
        key = (language, *texts)
        if key not in self._asked:
            page = self.worker.page(self.where, language, parse_sets(texts, "set"))
            self._asked[key] = page
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
        return self._asked[key]


def shown_of(path: str, content: bytes) -> Shown:
    """Return content as it is sent."""
    suffix = Path(path).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or suffix in (".json", ".svg", ".xml")
    packed = gzip.compress(content, 6, mtime=0) if is_text and len(content) >= _PACKED else None
    return Shown(
        content, packed, hashlib.sha256(content).hexdigest()[:20], f"{kind}; charset=utf-8" if is_text else kind
    )


def app_of(live: Live) -> Any:
    """Return the application (ASGI) that shows a case."""
    starlette = library("starlette.applications", "serve", "serve")
    answers = library("starlette.responses", "serve", "serve")
    routing = library("starlette.routing", "serve", "serve")

    def sent(request: Any, shown: Shown, *, lasting: bool = False, framed: bool = False) -> Any:
        cache = "public, max-age=31536000, immutable" if lasting else "public, max-age=5"
        headers = {**HEADERS, "ETag": f'"{shown.digest}"', "Cache-Control": cache}
        if framed:
            headers["Content-Security-Policy"] = POLICY
        if request.headers.get("if-none-match") == f'"{shown.digest}"':
            return answers.Response(status_code=304, headers=headers)
        content = shown.content
        if shown.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers = shown.packed, {**headers, "Content-Encoding": "gzip"}
        return answers.Response(content, media_type=shown.kind, headers=headers)

    def refused(text: str, code: int) -> Any:
        return answers.PlainTextResponse(text + "\n", code, headers={**HEADERS, "Cache-Control": "no-store"})

    def page(request: Any) -> Any:
        path = request.path_params["path"]
        shown = live.shown(path)
        if shown is None:
            return refused("404", 404)
        return sent(request, shown, lasting=path.startswith("static/"), framed="/widget/" in path)

    def whatif(request: Any) -> Any:
        language = request.path_params["language"]
        if language not in LANGUAGES:
            return refused("404", 404)
        try:
            content = live.whatif(language, request.url.query)
        except BadInput as error:
            return refused(str(error), 400)
        except UnansweredError as error:
            return refused(str(error), 503 if str(error).startswith("too ") else 400)
        return sent(request, shown_of("page.html", content))

    routes = [
        routing.Route("/{language}/whatif/", whatif, methods=["GET", "HEAD"]),
        routing.Route("/{path:path}", page, methods=["GET", "HEAD"]),
    ]
    return starlette.Starlette(routes=routes)


def serve(where: str, host: str, port: int) -> None:
    """Serve a case until the process is ended.

    Args:
        where: a shipped case, a folder or a .zip.
        host: the address that is listened on.
        port: 0 takes a free one.
    """
    uvicorn = library("uvicorn", "serve", "serve")
    live = Live(where)
    try:
        uvicorn.run(app_of(live), host=host, port=port, log_level="warning", server_header=False)
    finally:
        live.worker.close()
