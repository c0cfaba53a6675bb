"""One browser for all tests of pages, one site that they read, and a server for it on a free port."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sailau.site.publish import files_of, publish, sites_of
from sailau.site.release import release

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


WHATIF = ("kk/index", "ru/index", "en/index", "en/contests/", "data/result", "data/contests")
"""What is published of the what-if."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Publish an election with a lab, one without, and a what-if, and give the address under which they are served."""
    folder: Path = tmp_path_factory.mktemp("sites")
    publish("mazhilis-2023", folder / "chamber")
    publish("referendum-2024", folder / "question")
    whatif = files_of(sites_of("mazhilis-2023", {"list.threshold.share": "7%"}, lab=False))
    release(folder / "whatif", (file for file in whatif if file.path.startswith(("static/", *WHATIF))))
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        held = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield held
        held.close()


class Reader:
    """Opens pages and notes what no page may do: complain, fail, ask another host."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser, self.site = browser, site
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def open(self, path: str, *, width: int = 1280, height: int = 900, **settings: Any) -> Page:
        context = self._browser.new_context(viewport={"width": width, "height": height}, **settings)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.faults.append(f"{path}: {message.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"{path}: {error}"))
        page.on("request", lambda request: request.url.startswith(self.site) or self.faults.append(request.url))
        page.on("response", lambda answer: answer.status < 400 or self.faults.append(f"{answer.status} {answer.url}"))
        page.goto(f"{self.site}/{path}", wait_until="networkidle")
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    held = Reader(browser, site)
    yield held
    held.close()
    assert not held.faults
