"""Break cases, rule books and archives byte by byte, led by coverage: whatever reaches new code is bred further.

    python campaigns/fuzz_guided.py --seconds 600 --keep found

Every input is read and counted, or refused with faults that are in order; anything else is printed and kept under `--keep`.
`--input FILE --target NAME` shows one again. Atheris leads it; where there is none (it has wheels for Linux only) changes are
blind. Ends with 1 if anything was found.
"""

import argparse
import io
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from random import Random
from shutil import rmtree
from time import monotonic
from traceback import format_exc

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

GUIDED = find_spec("atheris") is not None
if GUIDED:
    import atheris

    with atheris.instrument_imports(include=["sailau.election", "sailau.rulebook", "sailau.tabulation"]):
        from election.mutations import SMALL, answer, change_bytes, in_order
        from sailau.election import open_case
        from sailau.election.files import Folder, find
        from sailau.rulebook import BadInput
        from sailau.rulebook.book import BOOKS, read
else:
    from election.mutations import SMALL, answer, change_bytes, in_order
    from sailau.election import open_case
    from sailau.election.files import Folder, find
    from sailau.rulebook import BadInput
    from sailau.rulebook.book import BOOKS, read

PART = b"\n--8<--\n"
"""Between the files of a case in one input."""
SCRATCH = Path(tempfile.mkdtemp(prefix="fuzz-"))


def joined(folder: Folder) -> bytes:
    """Return a case as one input: name, line end, bytes, one file after the other."""
    return PART.join(name.encode() + b"\n" + data for name, data in sorted(folder.files.items()))


def case(data: bytes) -> None:
    """Read and count a case."""
    files = {}
    for part in data.split(PART)[:12]:
        name, _, text = part.partition(b"\n")
        files[name.decode("ascii", "replace")[:40]] = text
    assert answer(Folder("fuzz", files)) in ("counted", "refused")


def book(data: bytes) -> None:
    """Read a rule book and resolve it on each of its days."""
    path = SCRATCH / "law.toml"
    path.write_bytes(data)
    try:
        law = read(path)
        for day in [law.span[0], *law.days][:4]:
            law.on(day)
    except BadInput as refused:
        in_order(refused)


def archive(data: bytes) -> None:
    """Open an archive."""
    path = SCRATCH / "case.zip"
    path.write_bytes(data)
    try:
        open_case(path)
    except BadInput as refused:
        in_order(refused)


def zipped(folder: Folder) -> bytes:
    """Return a case as an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for name, data in sorted(folder.files.items()):
            files.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


TARGETS: dict[str, Callable[[bytes], None]] = {"case": case, "book": book, "archive": archive}


def corpus(target: str) -> list[bytes]:
    """Return what the campaign starts from: shipped cases and rule books."""
    if target == "book":
        books = [path for path in sorted(BOOKS.glob("*/*.toml")) if not path.name.startswith("part-")]
        # Without their further parts they are whole in one file.
        return [re.sub(rb"(?ms)^include = \[.*?\]$", b"", path.read_bytes()) for path in books]
    folders = [find(name) for name in SMALL]
    return [joined(folder) if target == "case" else zipped(folder) for folder in folders]


def tried(target: str, data: bytes, keep: Path | None) -> bool:
    """Try one input; tell, keep and return False for what should not have happened."""
    try:
        TARGETS[target](data)
    except Exception:
        print(f"{target}: {format_exc()}\n{data[:200]!r}", flush=True)
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{target}-{sha256(data).hexdigest()[:12]}").write_bytes(data)
        return False
    return True


def blind(target: str, runs: int, seconds: float, seed: int, keep: Path | None) -> int:
    """Change inputs at random, not led by anything."""
    random, start, end = Random(f"{target} {seed}"), corpus(target), monotonic() + seconds
    for _ in range(runs):
        if monotonic() > end:
            break
        if not tried(target, change_bytes(random, random.choice(start)), keep):
            return 1
    return 0


def guided(target: str, runs: int, seconds: float, seed: int, keep: Path | None) -> int:
    """Let Atheris breed inputs, in a process of its own: it never returns."""
    process = os.fork()
    if process:
        return int(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0)
    seeds = SCRATCH / f"corpus-{target}"
    seeds.mkdir()
    for number, data in enumerate(corpus(target)):
        (seeds / f"{number:03}").write_bytes(data)

    def one(data: bytes) -> None:
        if not tried(target, data, keep):
            os._exit(1)

    limits = [f"-runs={runs}", f"-max_total_time={int(seconds)}", f"-seed={seed}", "-max_len=60000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, "-timeout=20", str(seeds)], one)
    atheris.Fuzz()
    os._exit(0)


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600, help="in all")
    parser.add_argument("--runs", type=int, default=10**9, help="inputs of each target at most")
    parser.add_argument("--target", choices=sorted(TARGETS))
    parser.add_argument("--seed", type=int, default=1, help="from 1")
    parser.add_argument("--input", type=Path, help="one input again")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that were found")
    given = parser.parse_args()
    if given.input is not None:
        return 0 if tried(given.target, given.input.read_bytes(), None) else 1
    targets = [given.target] if given.target else sorted(TARGETS)
    how = guided if GUIDED else blind
    each = given.seconds / len(targets)
    try:
        bad = [name for name in targets if how(name, given.runs, each, given.seed, given.keep)]
    finally:
        rmtree(SCRATCH)
    print(
        f"{'led by coverage' if GUIDED else 'blind'}: {', '.join(targets)}; found something in: {', '.join(bad) or 'none'}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
