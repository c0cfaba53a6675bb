"""Publish an election and take pictures of its site for README.md: docs/pictures/site.png and site-lab.png.

`python docs/pictures/site.py` writes them; it needs Debian's Chromium (`apt-get install chromium`).
"""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from sailau.site.publish import publish

HERE = Path(__file__).parent
CASE = "mazhilis-2023"
PICTURES = (
    ("site.png", "en/", 1200, 760),
    ("site-lab.png", "ru/lab/?list.threshold.share=7%25", 1200, 760),
)
"""File, page, and the size of what is seen of it."""


def main() -> None:
    """Write the pictures."""
    with TemporaryDirectory() as folder:
        publish(CASE, Path(folder) / "site")
        handler = functools.partial(SimpleHTTPRequestHandler, directory=f"{folder}/site")
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            for file, path, wide, high in PICTURES:
                page = browser.new_page(viewport={"width": wide, "height": high})
                page.goto(f"http://127.0.0.1:{server.server_port}/{path}", wait_until="networkidle")
                page.screenshot(path=HERE / file)
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
