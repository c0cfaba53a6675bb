"""Keys: private ones in files of mode 600, never in a log or a bundle; what they sign.

A private key is a line of text, `PRIVATE+NAME+TYPE+BASE64`. Keys of entries are Ed25519; keys of checkpoints and witnesses
Ed25519 or ML-DSA-44 (c2sp.org/signed-note, c2sp.org/tlog-cosignature).
"""

from __future__ import annotations

import os
import struct
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sailau.extras import library
from sailau.integrity import verifier
from sailau.integrity.verifier import Checkpoint, Key, RefusedError

Type = Literal["ed25519", "cosignature", "ml-dsa-44"]
TYPES: dict[Type, int] = {"ed25519": 0x01, "cosignature": 0x04, "ml-dsa-44": 0x06}
_HEAD = "PRIVATE"


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A private key; its text form never shows it.

    Attributes:
        name: of the key, for notes.
        type: byte of the type.
        key: the library's private key.
    """

    name: str
    type: int
    key: Any

    def __repr__(self) -> str:
        return f"<Signer {self.name}>"

    @property
    def public(self) -> bytes:
        """Return the public key."""
        return bytes(self.key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> Key:
        """Return the verifier key of notes."""
        return Key(self.name, self.type, self.public)

    @property
    def id(self) -> str:
        """Return the name of the key in envelopes of entries."""
        return verifier.key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        return bytes(self.key.sign(message))

    def note_line(self, checkpoint: Checkpoint, stamp: int = 0) -> tuple[str, bytes, bytes]:
        """Return the signature line of a checkpoint: name, key ID, signature (with its time where the type has one)."""
        key = self.vkey
        if self.type == TYPES["ed25519"]:
            return self.name, key.id, self.sign(checkpoint.text)
        message = verifier.cosigned_message(key, stamp, checkpoint)
        return self.name, key.id, struct.pack(">Q", stamp) + self.sign(message)


def make_key(name: str, kind: Type = "ed25519") -> Signer:
    """Return a new key from the system's source of chance.

    Raises:
        BadInput: the name cannot stand in a note.
    """
    return Signer(_fit(name), TYPES[kind], _class_of(TYPES[kind]).generate())


def key_from(name: str, secret: bytes, kind: Type = "ed25519") -> Signer:
    """Return the key that 32 bytes make: for test vectors and campaigns, which must be the same on every run."""
    return Signer(_fit(name), TYPES[kind], _private(TYPES[kind], secret))


def _fit(name: str) -> str:
    if not name or any(c.isspace() or c == "+" or not c.isprintable() for c in name) or len(name.encode()) > 255:
        from sailau.rulebook.faults import BadInput, Fault

        raise BadInput([Fault("key", 0, "", f"the name “{name}”", "a name without spaces and without +")])
    return name


def _class_of(kind: int) -> Any:
    asymmetric = "cryptography.hazmat.primitives.asymmetric"
    if kind == TYPES["ml-dsa-44"]:
        return library(f"{asymmetric}.mldsa", "integrity", "keys").MLDSA44PrivateKey
    return library(f"{asymmetric}.ed25519", "integrity", "keys").Ed25519PrivateKey


def _private(kind: int, secret: bytes) -> Any:
    made = _class_of(kind)
    return made.from_seed_bytes(secret) if hasattr(made, "from_seed_bytes") else made.from_private_bytes(secret)


def write_key(signer: Signer, path: Path) -> Path:
    """Write a private key to a new file that only its owner can read.

    Raises:
        OSError: the file is there already, or cannot be written.
    """
    text = f"{_HEAD}+{signer.name}+{signer.type}+{b64encode(signer.key.private_bytes_raw()).decode()}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return path


def read_signer(path: Path) -> Signer:
    """Return a private key from its file.

    Raises:
        RefusedError: it is none, or others than its owner can read it.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip() if path.stat().st_size < 1000 else ""
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(str(path), type(error).__name__, "a file of a private key") from None
    if os.name == "posix" and mode & 0o077:
        raise RefusedError(str(path), f"mode {mode & 0o777:o}", "600: a private key that only its owner can read")
    parts = text.split("+", 3)
    if len(parts) != 4 or parts[0] != _HEAD or not parts[2].isdigit() or int(parts[2]) not in TYPES.values():
        raise RefusedError(str(path), "no private key", f"{_HEAD}+NAME+TYPE+BASE64")
    secret = verifier.unbase64(parts[3], str(path))
    if len(secret) != 32:
        raise RefusedError(str(path), f"{len(secret)} bytes", "32")
    return Signer(_fit(parts[1]), int(parts[2]), _private(int(parts[2]), secret))


def seal(payload: dict[str, Any], signers: Sequence[Signer]) -> bytes:
    """Return an entry: the payload as canonical JSON, in an envelope signed by each of the keys (DSSE).

    Raises:
        RefusedError: the payload has no canonical form, such as one with floats, or is too long.
    """
    body = canonical(payload)
    # What a verifier would refuse, such as 1.5, never gets into a log.
    verifier.read_canonical(body, "entry")
    message = verifier.signed_bytes(body)
    signatures = [{"keyid": s.id, "sig": b64encode(s.sign(message)).decode()} for s in signers]
    entry = canonical({"payload": b64encode(body).decode(), "payloadType": verifier.PAYLOAD, "signatures": signatures})
    if len(entry) > verifier.MOST_ENTRY:
        raise RefusedError("entry", f"{len(entry)} bytes", f"at most {verifier.MOST_ENTRY}")
    return entry


def canonical(value: Any) -> bytes:
    """Return canonical JSON (RFC 8785) of a value that a verifier will accept.

    Raises:
        RefusedError: it has none.
    """
    rfc8785 = library("rfc8785", "integrity", "log")
    try:
        return bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, TypeError, RecursionError) as error:
        raise RefusedError("entry", str(error)[:60], "texts and whole numbers") from None
