"""Commands about integrity: log, witness, verify."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sailau.cli.app import Json, Lang, Language, WithExample, app, log_app, print_json, witness_app
from sailau.cli.screen import To, say, show

Folder = Annotated[Path, typer.Argument(metavar="LOG", help="Folder of the log.")]
View = Annotated[Path, typer.Argument(metavar="LOG", help="A published log: a folder, a .tar or a .zip.")]
KeyFolder = Annotated[Path, typer.Option("--keys", metavar="FOLDER", help="Folder of the private keys.")]


@contextmanager
def refused() -> Iterator[None]:
    """Ask for what integrity needs, and turn its refusals into faults that a person reads."""
    from sailau.extras import library
    from sailau.rulebook.faults import BadInput, Fault

    library("cryptography", "integrity", "sailau")
    library("rfc8785", "integrity", "sailau")
    from sailau.integrity.verifier import RefusedError

    try:
        yield
    except RefusedError as error:
        raise BadInput([Fault(error.place, 0, "", error.found, error.expected)]) from None


@app.command("verify", cls=WithExample)
def verify_command(
    bundle: Annotated[Path | None, typer.Argument(metavar="[BUNDLE]", help="A folder, a .tar or a .zip.")] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Who must have signed (c2sp.org/tlog-policy).")
    ] = None,
    receipt: Annotated[
        list[Path] | None, typer.Option("--receipt", help="A receipt: proof that an entry is in the log.")
    ] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Verify the public log of an election, from signatures to seats; without BUNDLE, a receipt under a policy."""
    with refused():
        from sailau.integrity.recount import check_seats
        from sailau.integrity.verifier import RefusedError, read_inputs, verify, verify_receipt
        from sailau.wording.integrity import verification

        chosen, receipts = read_inputs(policy, receipt or [])
        if bundle is not None:
            report = verify(bundle, policy=chosen, receipts=receipts)
            check_seats(report, bundle)
        elif chosen is not None and len(receipts) == 1:
            report = verify_receipt(*receipts[0], chosen)
        else:
            raise RefusedError("command line", "no bundle", "a bundle, or --receipt with --policy")
        if json:
            print_json(report.to_json())
        else:
            show(verification(report, lang.value, pinned=chosen is not None), to)
        if report.verdict != "good":
            raise typer.Exit(1)


@log_app.command("init", cls=WithExample)
def init_command(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A new folder.")],
    case: Annotated[str, typer.Option("--case", help="The election: its stations, contests and law.")],
    origin: Annotated[str, typer.Option("--origin", help="Name of the log: an address without https://.")],
    keys: KeyFolder,
    roots: Annotated[int, typer.Option("--roots", help="Root keys; take them offline.")] = 5,
    threshold: Annotated[int, typer.Option("--threshold", help="How many root keys must sign.")] = 3,
    lang: Lang = Language.en,
) -> None:
    """Make a log of an election, and the private keys of those who keep it."""
    with refused():
        from sailau.election import open_case
        from sailau.integrity.founding import found, make_keys, write_keys
        from sailau.integrity.verifier import RefusedError
        from sailau.wording.integrity import written

        if keys.resolve().is_relative_to(log.resolve()):
            raise RefusedError("--keys", str(keys), "a folder outside the log, which is published")
        election = open_case(case)
        made = make_keys(origin, roots, threshold)
        found(log, made, election, _software())
        write_keys(made, keys)
        made_log = _log(log)
        made_log.checkpoint(origin, made.log)
        show(written(lang.value, {"entries": _size(made_log), "keys": str(keys), "policy": f"log {made.log[0].vkey}"}))


def _software() -> str:
    from sailau.provenance import program
    from sailau.rulebook.book import digest_of_books

    return f"{program()} {digest_of_books()}"


def _log(folder: Path) -> Any:
    from sailau.integrity.log import Log

    return Log(folder)


def _size(log: Any) -> int:
    now = log.latest()
    return int(now.size) if now else 0


@log_app.command("append", cls=WithExample)
def append_command(
    log: Folder,
    keys: KeyFolder,
    case: Annotated[str | None, typer.Option("--case", help="Append the protocols of a case.")] = None,
    file: Annotated[
        Path | None, typer.Option("--entries", metavar="FILE", help="Append entries: one JSON object on each line.")
    ] = None,
    lang: Lang = Language.en,
) -> None:
    """Append protocols, corrections, annulments or other entries, signed by those who may."""
    with refused():
        from sailau.election import open_case
        from sailau.integrity.casebook import protocols_of
        from sailau.integrity.founding import read_keys, read_payloads, record_signed
        from sailau.integrity.verifier import RefusedError
        from sailau.wording.integrity import written

        if (case is None) == (file is None):
            raise RefusedError("command line", "none or both of --case and --entries", "one of them")
        payloads = protocols_of(open_case(case)) if case is not None else read_payloads(file or Path())
        opened = _log(log)
        number = record_signed(opened, payloads, read_keys(keys))
        show(written(lang.value, {"new": number, "pending": opened.pending()}))


@log_app.command("checkpoint", cls=WithExample)
def checkpoint_command(
    log: Folder,
    keys: KeyFolder,
    results: Annotated[
        str | None, typer.Option("--results", metavar="CASE", help="Publish totals and seats of a case beside the log.")
    ] = None,
    lang: Lang = Language.en,
) -> None:
    """Sign the log as it is now, and publish what was appended."""
    with refused():
        import time

        from sailau.election import open_case
        from sailau.integrity.casebook import results_of
        from sailau.integrity.founding import read_keys
        from sailau.integrity.keys import canonical
        from sailau.wording.integrity import written
        from sailau.writing import write_whole

        chosen = read_keys(keys)
        if results is not None:
            write_whole(log / "results.json", canonical(results_of(open_case(results))))
        made = _log(log).checkpoint(chosen.log[0].name, chosen.log, int(time.time()))
        show(written(lang.value, {"origin": made.origin, "entries": made.size, "root": made.root.hex()}))


@log_app.command("prove", cls=WithExample)
def prove_command(
    log: View,
    index: Annotated[int, typer.Argument(metavar="INDEX", help="Of the entry, from 0.")],
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Where to write it: x.tlog-proof.")
    ] = None,
    paper: Annotated[
        Path | None,
        typer.Option("--paper", metavar="FILE", help="Of a protocol: print it with the receipt as a code: x.pdf."),
    ] = None,
    code: Annotated[
        Path | None, typer.Option("--code", metavar="FILE", help="Of a protocol: what the code says, as text.")
    ] = None,
    lang: Lang = Language.en,
) -> None:
    """Write the receipt of an entry: a proof that it stands in the log, which anyone can check offline."""
    with refused():
        from sailau.integrity.log import paper_text, prove, receipt_text
        from sailau.integrity.verifier import Bundle, RefusedError
        from sailau.wording.integrity import written
        from sailau.writing import write_whole

        if receipt is None and paper is None and code is None:
            raise RefusedError("command line", "nothing to write", "--receipt, --paper or --code")
        made = prove(Bundle(log), index)
        if receipt is not None:
            write_whole(receipt, receipt_text(made))
        if code is not None:
            write_whole(code, paper_text(made))
        if paper is not None:
            _print_protocol(log, made.entry, paper_text(made), paper, lang.value)
        files = ", ".join(str(path) for path in (receipt, paper, code) if path is not None)
        show(written(lang.value, {"receipt": files}))


def _print_protocol(log: Path, entry: bytes, code: str, paper: Path, language: str) -> None:
    """Write the protocol of an entry as a PDF, the receipt as its code."""
    from sailau.exchange.documents import write_paper
    from sailau.integrity.stations import read_election
    from sailau.integrity.verifier import read_entry

    payload, _, _ = read_entry(entry, "entry")
    asked = (payload["contest"], payload["station"], False)
    write_paper(read_election(str(log)), "protocol", paper, language, asked, code)


@log_app.command("watch", cls=WithExample)
def watch_command(
    log: View,
    state: Annotated[Path, typer.Option("--state", metavar="FILE", help="Where the last checkpoint is remembered.")],
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Check that a log continues what was seen last time, and say what is new; exit with 1 where it does not."""
    with refused():
        from sailau.integrity.log import watch
        from sailau.integrity.verifier import Bundle
        from sailau.wording.integrity import unwilling, written

        before, now, follows = watch(Bundle(log), state)
        if json:
            print_json({"verdict": "good" if follows else "tree", "before": before, "entries": now.size})
        elif follows:
            show(written(lang.value, {"origin": now.origin, "entries": now.size, "new": now.size - before}))
        else:
            say(unwilling("not-consistent", before, lang.value).replace("witness:", "tree:", 1), "bad")
        if not follows:
            raise typer.Exit(1)


@log_app.command("compare", cls=WithExample)
def compare_command(
    log: View,
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Another copy of it.")],
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Compare two copies of a log: one continues the other, or where the two histories part; exit with 1 there."""
    with refused():
        from sailau.integrity.log import Views
        from sailau.integrity.verifier import Bundle
        from sailau.wording.integrity import compared_views

        views = Views(Bundle(log), Bundle(other))
        if json:
            print_json(views.to_json())
        else:
            show(compared_views(views, lang.value), to)
        if not views.consistent:
            raise typer.Exit(1)


@log_app.command("cosign", cls=WithExample)
def cosign_command(
    log: Folder,
    witness: Annotated[
        str, typer.Argument(metavar="WITNESS", help="Address of a witness, or a file of its signature.")
    ],
    lang: Lang = Language.en,
) -> None:
    """Add a witness's signature to the published checkpoint: ask it over HTTP, or take it from a file."""
    with refused():
        from sailau.integrity.verifier import Bundle
        from sailau.integrity.witness import Unwilling, ask, read_lines
        from sailau.wording.integrity import unwilling, written

        opened = _log(log)
        try:
            data = ask(witness, Bundle(log)) if "://" in witness else Path(witness).read_bytes()
        except Unwilling as error:
            say(unwilling(error.code, error.size, lang.value), "bad")
            raise typer.Exit(1) from None
        made = opened.cosign(read_lines(data, witness))
        show(written(lang.value, {"origin": made.origin, "entries": made.size, "signature": made.lines[-1][0]}))


@witness_app.command("key", cls=WithExample)
def witness_key_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the witness: an address without https://.")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Where to write the private key.")],
    ml_dsa: Annotated[bool, typer.Option("--ml-dsa", help="An ML-DSA-44 key instead of an Ed25519 one.")] = False,
    lang: Lang = Language.en,
) -> None:
    """Make the key of a witness; prints the line of it that a policy needs."""
    with refused():
        from sailau.integrity.keys import make_key, write_key
        from sailau.wording.integrity import written

        made = make_key(name, "ml-dsa-44" if ml_dsa else "cosignature")
        write_key(made, key)
        show(written(lang.value, {"keys": str(key), "policy": f"witness {name} {made.vkey}"}))


Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="The witness's private key.")]
Known = Annotated[list[str], typer.Option("--log", metavar="VKEY", help="Key of a log that the witness knows.")]
State = Annotated[Path, typer.Option("--state", metavar="FOLDER", help="Where it remembers what it signed.")]


@witness_app.command("sign", cls=WithExample)
def witness_sign_command(
    log: View,
    key: Key,
    known: Known,
    state: State,
    out: Annotated[Path, typer.Option("--signature", metavar="FILE", help="Where to write the signature.")],
    lang: Lang = Language.en,
) -> None:
    """Cosign a log that lies here as files, if it continues what was signed before; exit with 1 where it does not."""
    with refused():
        import time

        from sailau.integrity.verifier import Bundle
        from sailau.integrity.witness import Unwilling, sign_files
        from sailau.wording.integrity import unwilling, written
        from sailau.writing import write_whole

        try:
            line = sign_files(_witness(key, known, state), Bundle(log), int(time.time()))
        except Unwilling as error:
            say(unwilling(error.code, error.size, lang.value), "bad")
            raise typer.Exit(1) from None
        write_whole(out, line)
        show(written(lang.value, {"signature": str(out)}))


def _witness(key: Path, known: list[str], state: Path) -> Any:
    from sailau.integrity.keys import read_signer
    from sailau.integrity.verifier import read_key
    from sailau.integrity.witness import LogWitness

    return LogWitness(read_signer(key), tuple(read_key(text, "--log") for text in known), state)


@witness_app.command("serve", cls=WithExample)
def witness_serve_command(
    key: Key,
    known: Known,
    state: State,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 for a free one.")] = 8437,
) -> None:
    """Cosign over HTTP until it is stopped (c2sp.org/tlog-witness)."""
    with refused():
        from sailau.cli.screen import echo
        from sailau.integrity.witness import Server

        with Server(_witness(key, known, state), (host, port)) as server:
            echo(f"http://{host}:{server.server_address[1]}/")
            import sys

            sys.stdout.flush()
            server.serve_forever()
