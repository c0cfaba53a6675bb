"""The live site over HTTP: the same pages, answers from cache, what-ifs within limits, nothing by tricks of an address."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from sailau.site import live as live_module
from sailau.site.live import Live, app_of
from sailau.site.publish import files_of, sites_of
from sailau.site.worker import UnansweredError, Worker

CASES = Path(__file__).resolve().parents[2] / "src" / "sailau" / "cases"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    held = Live("referendum-1995-april")
    yield held
    held.worker.close()


@pytest.fixture(scope="module")
def client(live: Live) -> TestClient:
    return TestClient(app_of(live))


def test_pages_are_those_of_the_static_site(client: TestClient) -> None:
    files = {f.path: f for f in files_of(sites_of("referendum-1995-april"))}
    for path in ("kk/", "ru/why/", "en/contests/question/", "data/outcome.json", "data/result.csv", ""):
        name = f"{path}index.html" if path == "" or path.endswith("/") else path
        assert client.get(f"/{path}").content == files[name].make(), path


def test_answers_forbid_what_pages_must_not_do_and_are_kept(client: TestClient) -> None:
    answer = client.get("/en/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-encoding"] == "gzip"
    again = client.get("/en/", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors" not in client.get("/en/widget/table/").headers["content-security-policy"]
    [sheet] = [line for line in answer.text.splitlines() if "stylesheet" in line]
    asset = client.get("/" + sheet.split('href="')[1].split('"')[0].removeprefix("../"))
    assert "immutable" in asset.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/en/../../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "/en/%00", "/static/", "/xx/whatif/?set=a=b",
     "/en/places/%0d%0aSet-Cookie:x/", "//etc/passwd", "/en/lists/{{7*7}}/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"].startswith("text/plain")


def test_other_methods_are_refused(client: TestClient) -> None:
    assert {client.request(verb, "/en/").status_code for verb in ("POST", "PUT", "DELETE", "PATCH")} == {405}


def test_a_what_if_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/en/whatif/", params=[("set", "question.adoption.share=75%")])
    assert answer.status_code == 200
    assert "What if, not the law" in answer.text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", 400),
        ("set=nonsense", 400),
        ("set=no.such=1", 400),
        ("&".join(["set=a=b"] * 9), 400),
        (f"set=a={'b' * 500}", 400),
    ],
)
def test_faulty_what_ifs_are_refused_in_words(client: TestClient, query: str, code: int) -> None:
    answer = client.get(f"/en/whatif/?{query}")
    assert answer.status_code == code
    assert answer.headers["cache-control"] == "no-store"


def test_what_takes_too_long_is_ended_and_the_next_is_answered() -> None:
    worker = Worker(seconds=0.0001)
    with pytest.raises(UnansweredError, match="too long"):
        worker.page("referendum-1995-april", "en", {"question.adoption.share": "75%"})
    worker._seconds = 30.0
    assert b"What if" in worker.page("referendum-1995-april", "en", {"question.adoption.share": "75%"})
    worker.close()


def test_pages_follow_the_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "_LOOK", 0.0)
    folder = tmp_path / "case"
    shutil.copytree(CASES / "referendum-1995-april", folder)
    held = Live(str(folder))
    before = held.shown("data/outcome.json")
    assert before is not None
    text = (folder / "returns.csv").read_text()
    (folder / "returns.csv").write_text("")
    assert held.shown("data/outcome.json") == before
    (folder / "returns.csv").write_text(text.splitlines()[0] + "\n")
    after = held.shown("data/outcome.json")
    assert after is not None
    assert after.digest != before.digest
    assert gzip.decompress(after.packed or gzip.compress(after.content)) == after.content


def test_the_command_listens_where_it_is_told_and_nowhere_else() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sailau", "serve", "referendum-1995-april", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            for _ in range(200):
                try:
                    answer = httpx.get(f"http://127.0.0.1:{port}/kk/")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            assert answer.status_code == 200
            assert "server" not in answer.headers
        finally:
            child.terminate()
