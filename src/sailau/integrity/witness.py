"""A witness: remembers the last checkpoint of each log it knows, and cosigns only what continues it.

By files, for mail and memory sticks, and over HTTP (c2sp.org/tlog-witness). What is remembered is written before a signature
leaves the house, under a lock, so that two processes never sign two histories.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sailau.integrity import verifier
from sailau.integrity.keys import TYPES, Signer
from sailau.integrity.log import consistency, published
from sailau.integrity.merkle import continues
from sailau.integrity.verifier import Bundle, Checkpoint, ForgedError, Key, RefusedError, read_checkpoint
from sailau.writing import write_whole

MOST_STEPS = 63
_MOST_BODY = verifier.MOST_NOTE


class Unwilling(Exception):  # noqa: N818 - the witness's answer, not a fault of the program
    """Why a witness does not sign.

    Attributes:
        status: of HTTP.
        code: what is wrong.
        size: the last size that the witness knows.
    """

    def __init__(self, status: HTTPStatus, code: str, size: int = 0) -> None:
        self.status, self.code, self.size = status, code, size
        super().__init__(code)


@dataclass(frozen=True)
class LogWitness:
    """One witness.

    Attributes:
        signer: its key, of a type whose signatures carry a time.
        logs: keys of the logs it knows.
        state: folder with the last checkpoint of each.
    """

    signer: Signer
    logs: tuple[Key, ...]
    state: Path

    def __post_init__(self) -> None:
        if self.signer.type == TYPES["ed25519"]:
            raise RefusedError(self.signer.name, "a key for notes", "a key of a witness: cosignature or ml-dsa-44")

    def place(self, origin: str) -> Path:
        """Return where the last checkpoint of a log is kept."""
        return self.state / sha256(origin.encode()).hexdigest() / "checkpoint"

    def last(self, origin: str) -> Checkpoint | None:
        """Return the last checkpoint that was cosigned, None for a log that is new."""
        place = self.place(origin)
        return read_checkpoint(place.read_bytes(), str(place)) if place.is_file() else None

    def add(self, old: int, path: Sequence[bytes], checkpoint: Checkpoint, stamp: int) -> tuple[str, bytes, bytes]:
        """Cosign a checkpoint and return the signature line.

        Args:
            old: size that the proof starts from: the last one that this witness knows.
            path: proof of consistency.
            checkpoint: signed by a log that it knows.
            stamp: seconds since 1970, above 0.

        Raises:
            Unwilling: it is signed by no log that is known, or continues nothing that is remembered.
        """
        keys = [key for key in self.logs if key.name == checkpoint.origin]
        if not keys:
            raise Unwilling(HTTPStatus.NOT_FOUND, "unknown-log")
        try:
            signed = verifier.signers(checkpoint, keys)
        except ForgedError:
            signed = {}
        if not signed:
            raise Unwilling(HTTPStatus.FORBIDDEN, "not-signed-by-log")
        if old > checkpoint.size:
            raise Unwilling(HTTPStatus.BAD_REQUEST, "old-size-above-new")
        with self._locked():
            last = self.last(checkpoint.origin)
            size, root = (last.size, last.root) if last else (0, verifier.root_of(()))
            if old != size:
                raise Unwilling(HTTPStatus.CONFLICT, "another-size-is-known", size)
            if not continues((size, root), (checkpoint.size, checkpoint.root), path) or (
                checkpoint.size == 0 and checkpoint.root != verifier.root_of(())
            ):
                raise Unwilling(HTTPStatus.UNPROCESSABLE_ENTITY, "not-consistent", size)
            line = self.signer.note_line(checkpoint, stamp)
            kept = Checkpoint(
                checkpoint.text, (*checkpoint.lines, line), checkpoint.origin, checkpoint.size, checkpoint.root
            )
            place = self.place(checkpoint.origin)
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, kept.note())
        return line

    @contextmanager
    def _locked(self) -> Iterator[None]:
        import fcntl

        self.state.mkdir(parents=True, exist_ok=True)
        with (self.state / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def sign_files(witness: LogWitness, bundle: Bundle, stamp: int) -> bytes:
    """Cosign the published checkpoint of a log that lies here as files, and return the signature line.

    Raises:
        Unwilling: the witness does not sign it.
    """
    now = published(bundle)
    last = witness.last(now.origin)
    size = last.size if last else 0
    if size > now.size:
        raise Unwilling(HTTPStatus.CONFLICT, "older-than-known", size)
    return line_text(witness.add(size, consistency(bundle, size, now.size), now, stamp))


def line_text(line: tuple[str, bytes, bytes]) -> bytes:
    """Return a signature line as it is written."""
    name, mark, signature = line
    return f"— {name} {b64encode(mark + signature).decode()}\n".encode()


def read_lines(data: bytes, place: str) -> list[tuple[str, bytes, bytes]]:
    """Return signature lines, such as a witness sent by mail."""
    return list(verifier.read_note(b"lines\n\n" + data, place)[1])


# ---------------------------------------------------------------- HTTP


def request_of(old: int, path: Sequence[bytes], checkpoint: Checkpoint) -> bytes:
    """Return the body of a request to cosign."""
    lines = [f"old {old}", *(b64encode(step).decode() for step in path)]
    return "\n".join(lines).encode() + b"\n\n" + checkpoint.note()


def read_request(body: bytes) -> tuple[int, list[bytes], Checkpoint]:
    """Return old size, proof and checkpoint of a request.

    Raises:
        RefusedError: it cannot be read.
    """
    head, gap, note = body.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    old = lines[0].removeprefix("old ")
    is_size = lines[0].startswith("old ") and old.isascii() and old.isdigit() and len(old) < 16
    if not gap or not is_size or len(lines) > MOST_STEPS + 1:
        raise RefusedError("request", f"“{lines[0][:40]}”", "old SIZE, a proof, an empty line, a checkpoint")
    return int(old), [verifier.unbase64(line, "request") for line in lines[1:]], read_checkpoint(note, "request")


class _Handler(BaseHTTPRequestHandler):
    """Answers add-checkpoint, and gives the last checkpoint of each log."""

    server: Server
    timeout = 30

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._answer(HTTPStatus.NOT_FOUND, b"")
            return
        if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > _MOST_BODY:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"")
            return
        try:
            old, path, checkpoint = read_request(self.rfile.read(int(length)))
            line = self.server.witness.add(old, path, checkpoint, self.server.clock())
        except RefusedError as error:
            self._answer(HTTPStatus.BAD_REQUEST, f"{error}\n".encode())
        except Unwilling as error:
            known = error.status is HTTPStatus.CONFLICT
            body = f"{error.size}\n" if known else f"{error.code}\n"
            self._answer(error.status, body.encode(), "text/x.tlog.size" if known else "text/plain; charset=utf-8")
        else:
            self._answer(HTTPStatus.OK, line_text(line))

    def do_GET(self) -> None:
        name, _, rest = self.path.lstrip("/").partition("/")
        place = self.server.witness.state / name / "checkpoint"
        is_log = len(name) == 64 and set(name) <= set("0123456789abcdef") and rest == "checkpoint"
        if is_log and place.is_file():
            self._answer(HTTPStatus.OK, place.read_bytes())
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep no record of who asked."""


class Server(ThreadingHTTPServer):
    """A witness over HTTP; it listens on this machine only unless another address is named."""

    daemon_threads = True

    def __init__(self, witness: LogWitness, address: tuple[str, int]) -> None:
        self.witness = witness
        super().__init__(address, _Handler)

    def clock(self) -> int:
        """Return the time of a signature."""
        import time

        return int(time.time())


def ask(url: str, bundle: Bundle, last: int = 0) -> bytes:
    """Ask a witness over HTTP for its signature of a published checkpoint, and return the line.

    The first question names the size it knew last; its answer says the right one, which is asked for once more.

    Raises:
        Unwilling: it does not sign.
        OSError: it cannot be reached.
    """
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise RefusedError(url, "no address of a witness", "http://… or https://…")
    now = published(bundle)
    for attempt in range(2):
        body = request_of(last, consistency(bundle, last, now.size), now)
        try:
            with urlopen(Request(f"{url.rstrip('/')}/add-checkpoint", body), timeout=30) as answer:
                return bytes(answer.read(_MOST_BODY))
        except HTTPError as error:
            size = error.read(100).decode("ascii", "replace").strip()
            if error.code != HTTPStatus.CONFLICT or attempt or not size.isdigit() or int(size) > now.size:
                status = HTTPStatus(error.code) if error.code in set(HTTPStatus) else HTTPStatus.BAD_GATEWAY
                raise Unwilling(status, "refused", int(size) if size.isdigit() else 0) from None
            last = int(size)
    raise AssertionError("the second attempt answers or raises")
