"""What a verification found, two views of a log, and what a witness answers, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sailau.wording.document import Cell, Column, Document, Items, Note, Paragraph, Table, Tone
from sailau.wording.language import Words, marked, words

if TYPE_CHECKING:
    from sailau.integrity.log import Views
    from sailau.integrity.verifier import Irregularity, Verification

KINDS = {
    "signature": marked("Signatures"),
    "tree": marked("The log"),
    "witness": marked("Witnesses"),
    "incomplete": marked("Completeness"),
    "identities": marked("Sums of protocols"),
    "totals": marked("Published totals"),
    "seats": marked("Published seats"),
}
VERDICTS = {
    "good": marked("Everything that was checked is in order."),
    "signature": marked("A signature is missing or wrong: who made this cannot be said."),
    "tree": marked("The log is not what was signed: something was changed, removed or added."),
    "witness": marked("Not enough witnesses have signed: others may have been shown another log."),
    "incomplete": marked("Protocols are missing, or stand there twice or for no station."),
    "identities": marked("Protocols contradict themselves."),
    "totals": marked("Published totals are not the sums of the protocols."),
    "seats": marked("Published seats do not follow from the protocols."),
}
_CODES = {
    "bad-signature": marked("a signature does not fit what was signed"),
    "unknown-key": marked("signed with a key that nobody vouches for"),
    "revoked-key": marked("signed with a key that is revoked from an earlier entry on"),
    "too-few-signers": marked("signed by {signed} of those who may; {needed} needed"),
    "not-signed-by-log": marked("the log has not signed this"),
    "missing-tile": marked("a part of the log is missing"),
    "tile-differs": marked("hashes are not those of the entries"),
    "leaf-differs": marked("this is not the entry that was logged"),
    "root-differs": marked("the hashes do not lead to the signed root"),
    "entries-differ": marked("the entries do not lead to the signed root"),
    "entries-do-not-fit": marked("entries cannot be told apart"),
    "beyond-checkpoint": marked("entries after the end that was signed: an old checkpoint"),
    "missing-file": marked("a file that the log names is missing"),
    "file-differs": marked("this is not the file that the log names"),
    "proof-wrong": marked("the receipt proves nothing"),
    "older-than-receipt": marked("the log is shorter than it was when the receipt was given"),
    "history-differs": marked("the log was rewritten after the receipt was given"),
    "figures-differ": marked("the receipt has other figures than the entry that it names"),
    "quorum-not-reached": marked("missing: {absent}"),
    "not-expected": marked("station {station} is not expected in {contest}"),
    "twice": marked("station {station} has a protocol in {contest} already, entry {first}"),
    "supersedes-another": marked(
        "the correction does not follow the protocol that counts (station {station}, {contest})"
    ),
    "no-reason": marked("a correction without a reason (station {station}, {contest})"),
    "annuls-nothing": marked("annuls a protocol that does not count"),
    "no-protocol": marked("no protocol in {contest}, and no reason given"),
    "unknown-line": marked("station {station}: a line “{line}” that the form does not have"),
    "relation": marked("station {station}, {contest}: the sums do not hold ({relation})"),
    "differs": marked("{contest}, {line}: published {published}, the protocols give {counted}"),
    "status-differs": marked("published {published}, the protocols give {counted}"),
    "elected-differ": marked("other persons or lists are elected than was published"),
    "law-differs": marked("the law {law} here is not the text that the manifest names"),
}
_DONE = {
    "structure": marked("form of the files"),
    "tree": marked("every entry and the tree"),
    "signatures": marked("every signature"),
    "witnesses": marked("those whom the policy asks for"),
    "receipts": marked("receipts"),
    "completeness": marked("completeness of the stations"),
    "identities": marked("sums of every protocol"),
    "totals": marked("published totals"),
    "seats": marked("seats, elected persons and status"),
}
_LIMITS = (
    marked(
        "A verified log shows that nothing was changed after it was accepted. It does not show that a protocol is true."
    ),
    marked("Compare it with observers' copies, and recount ballots, to learn that."),
)
_SHOWN = 50


def verification(report: Verification, language: str, *, pinned: bool) -> Document:
    """Return what a verification found.

    Args:
        report: of the verifier.
        language: of the texts.
        pinned: whether a policy said whose signatures were asked for.
    """
    said = words(language)
    verdict = report.verdict
    blocks: list[Any] = [
        Paragraph(f"{verdict}: {said.say(VERDICTS[verdict])}", "good" if verdict == "good" else "bad"),
        Paragraph(
            said.say(
                "{origin}: {entries} entries, {protocols} protocols that count.",
                origin=report.origin,
                entries=said.number(report.size),
                protocols=said.number(len(report.standing)),
            )
        ),
    ]
    if report.findings:
        rows = tuple(_row(said, finding) for finding in report.ordered()[:_SHOWN])
        rest = sum(report.numbers.values()) - len(rows)
        note = said.plural("{n} further finding", "{n} further findings", rest) if rest else ""
        heads = (Column(said.say("kind")), Column(said.say("place")), Column(said.say("what")))
        blocks.append(Table(said.say("Findings"), heads, rows, note))
    done = [said.say(_DONE[part]) for part in report.done]
    open_ = [said.say(text) for part, text in _DONE.items() if part not in report.done and part != "receipts"]
    blocks.append(Paragraph(said.say("Checked: {parts}.", parts=", ".join(done))))
    if open_:
        blocks.append(Paragraph(said.say("Not checked: {parts}.", parts=", ".join(open_)), "doubt"))
    if report.results is not None:
        blocks.append(
            Note(said.say("Published results are not signed: whoever gave you this bundle may have put them there."))
        )
    if not pinned:
        blocks.append(Note(said.say("No policy was given: the log's keys are those that it names itself.")))
    if report.missing:
        blocks.append(Items(tuple(_missing(said, pair, why) for pair, why in sorted(report.missing.items())[:_SHOWN])))
    blocks.append(Note(" ".join(said.say(text) for text in _LIMITS)))
    return Document(tuple(blocks), language, title=report.origin)


def _missing(said: Words, pair: tuple[str, str], reason: str) -> str:
    return said.say(
        "station {station}, {contest}: no protocol ({reason})", station=pair[0], contest=pair[1], reason=reason
    )


def _row(said: Words, finding: Irregularity) -> tuple[Cell, ...]:
    values = {name: said.number(value) if isinstance(value, int) else value for name, value in finding.values}
    values.setdefault("line", values.get("option", ""))
    return (
        Cell(said.say(KINDS[finding.kind])),
        Cell(place_text(said, finding.place)),
        Cell(said.say(_CODES[finding.code], **values)),
    )


_PLACES = (
    ("entry ", marked("entry {name}")),
    ("station ", marked("station {name}")),
    ("unit ", marked("unit {name}")),
)


def place_text(said: Words, place: str) -> str:
    """Return a place in a bundle: an entry, a station, a unit, or the name of a file as it is."""
    for head, text in _PLACES:
        if place.startswith(head):
            name = place.removeprefix(head)
            return said.say("the whole") if name == "all" else said.say(text, name=name)
    return said.say("the whole") if place == "all" else place


def compared_views(views: Views, language: str) -> Document:
    """Return what a comparison of two views of a log found."""
    said = words(language)
    sizes = [said.number(size) for size in views.sizes]
    tone: Tone = "bad"
    if not views.same_log:
        text = said.say("These are two logs, not two views of one.")
    elif views.consistent:
        text = said.say("One log; the view of {large} entries continues that of {small}.",
                        large=said.number(max(views.sizes)), small=said.number(min(views.sizes)))  # fmt: skip
        tone = "good"
    elif views.first is None:
        text = said.say("The hashes of a view do not lead to its signed root.")
    else:
        text = said.say("Two histories; they differ from entry {index} on.", index=said.number(views.first))
    verdict = "good" if views.consistent else "tree"
    blocks: list[Any] = [Paragraph(f"{verdict}: {text}", tone)]
    blocks.append(Paragraph(said.say("Entries: {first} and {second}.", first=sizes[0], second=sizes[1])))
    if not views.consistent:
        blocks.append(Note(said.say("Both signed checkpoints are the evidence: keep them, and show them to others.")))
    return Document(tuple(blocks), language)


_ANSWERS = {
    "unknown-log": marked("The witness does not know this log."),
    "not-signed-by-log": marked("The log has not signed this checkpoint."),
    "old-size-above-new": marked("The former size is above the new one."),
    "another-size-is-known": marked("The witness knows another size of this log: {size}."),
    "older-than-known": marked("This checkpoint is older than one that was signed already, of {size} entries."),
    "not-consistent": marked("This log does not continue the one of {size} entries that was signed: two histories."),
    "refused": marked("The witness refused."),
}


def unwilling(code: str, size: int, language: str) -> str:
    """Return why a witness does not sign."""
    said = words(language)
    return f"witness: {said.say(_ANSWERS[code], size=said.number(size))}"


def written(language: str, numbers: Mapping[str, int | str] | Sequence[tuple[str, int | str]]) -> Document:
    """Return what a command of the log did: names and values, one line each."""
    said = words(language)
    labels = {
        "entries": said.say("Entries"),
        "new": said.say("New entries"),
        "pending": said.say("Entries after the checkpoint"),
        "root": said.say("Root"),
        "origin": said.say("Log"),
        "keys": said.say("Private keys"),
        "receipt": said.say("Receipt"),
        "signature": said.say("Signature"),
        "policy": said.say("Policy"),
    }
    rows = numbers.items() if isinstance(numbers, Mapping) else numbers
    texts = ((labels[name], said.number(v) if isinstance(v, int) else v) for name, v in rows)
    return Document(tuple(Paragraph(f"{label}: {text}") for label, text in texts), language)
