"""Names of provisions by their paths, and of the figures of a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sailau.wording.compensation import METHODS
from sailau.wording.language import Words, counted, marked, text_in
from sailau.wording.notes import note_in
from sailau.wording.seats import CONTESTS, TIERS, tier_title

if TYPE_CHECKING:
    from sailau.rulebook import Law

NONE = "–"
"""Stands where there is nothing."""

BLOCKS = {
    "seats": marked("number of seats"),
    "formula": marked("formula"),
    "threshold": marked("threshold"),
    "single-qualifier": marked("when one list alone qualifies"),
    "tie": marked("ties"),
    "agreements": marked("agreements between lists"),
    "limits": marked("most seats of one option"),
    "exhaustion": marked("lists with too few candidates"),
    "majority": marked("majority in the first round"),
    "run-off": marked("second round"),
    "turnout": marked("turnout"),
    "adoption": marked("majority that adopts"),
    "regional": marked("majority of regions"),
    "levelling": marked("levelling"),
    "transfer": marked("second scrutiny of remainders"),
    "mandates": marked("who takes the seats"),
    "mandates.quota": marked("quota of mandates"),
    "mandates.by-election": marked("by-election"),
    "contest": marked("ballot paper"),
}
"""Provisions of a tier, by the second part of a path such as `list.threshold.share`."""

LEAVES = {
    "share": marked("share"),
    "base": marked("base"),
    "comparison": marked("comparison"),
    "area": marked("where it is measured"),
    "value": marked("number"),
    "districts": marked("number of districts"),
    "method": marked("method"),
    "quota": marked("quota"),
    "round-quota": marked("rounding of the quota"),
    "first": marked("first divisor"),
    "exponent": marked("exponent of the divisors"),
    "leftover": marked("seats left over"),
    "partners": marked("most lists of one agreement"),
    "unqualified": marked("votes of lists under the bar"),
    "order": marked("order"),
    "otherwise": marked("otherwise"),
    "of-two": marked("where only two stood"),
    "factor": marked("factor"),
    "minimum-seats": marked("smallest number of seats"),
    "against-all": marked("row “against all”"),
    "blank": marked("blank ballots counted apart"),
    "ballot": marked("what is voted for"),
    "level": marked("level of its districts"),
    "lines": marked("further lines of the protocol"),
    "voters": marked("voters"),
    "years": marked("term in years"),
    "at-most": marked("most terms of one person"),
    "seats": marked("number of members"),
    "groups": marked("groups"),
    "rounding": marked("rounding"),
    "youth-under": marked("first age that is no longer young"),
    "youth-or": marked("another reading of that age"),
    "powers-end": marked("early end of the powers"),
}
"""Last parts of paths."""

BODY = {
    "members": marked("number of members"),
    "name": marked("name"),
    "kind": marked("kind"),
    "seats": marked("number of members"),
    "term": marked("term"),
}

SECTIONS = {
    "form": marked("Protocols of polling stations"),
    "condition": marked("Conditions"),
    "deadline": marked("Calendar"),
    "held": marked("Elections held"),
    "wage": marked("Minimum wage"),
    "deposit": marked("Deposits"),
    "fund": marked("Campaign funds"),
    "commission": marked("Commissions"),
    "complaint": marked("Complaints"),
    "ballot": marked("Ballots"),
    "region": marked("Regions"),
    "station": marked("Polling stations abroad"),
    "voting": marked("Voting"),
    "observer": marked("Observers"),
    "access": marked("Campaign"),
    "administration": marked("Administration"),
    "power": marked("Powers"),
}
"""Further sections of a rule book, by their key."""

_FIGURES = {
    "@registered": marked("registered voters"),
    "@received": marked("ballots received"),
    "@present": marked("electors present"),
    "@issued": marked("ballots issued"),
    "@cancelled": marked("ballots cancelled"),
    "@cast": marked("ballots cast"),
    "@invalid": marked("invalid ballots"),
    "@blank": marked("blank ballots"),
    "@against_all": marked("against all"),
    "@not_counted": marked("ballots not counted"),
    "@others": marked("other lists together"),
    "@valid": marked("valid votes"),
    "valid": marked("valid votes"),
    "options": marked("votes for lists or candidates"),
    "population": marked("population"),
    "area_km2": marked("area"),
    "region": marked("answers of regions"),
    "a lot": marked("a lot"),
}


def figure_name(figure: str, said: Words) -> str:
    """Return what a line of the protocol or a column is called; itself where it has no name."""
    known = _FIGURES.get(figure)
    return said.say(known) if known else figure


def block_name(block: str, said: Words) -> str:
    """Return what a provision of a tier is called."""
    known = BLOCKS.get(block)
    return said.say(known) if known else block


def leaf_name(path: tuple[str, ...], said: Words) -> str:
    """Return what the last parts of a path are called; the parts themselves where they have no name."""
    return " ".join(said.say(LEAVES[p]) if p in LEAVES else p for p in path if not p.isdigit())


def provision_name(path: str, said: Words, law: Law | None = None) -> str:
    """Return a provision's name from its path, and the law it is of: `list.threshold.share` is the threshold of the list seats."""
    first, *rest = path.split(".")
    if law is not None and first in law.tiers:
        thing = tier_title(law, first, said)
    else:
        thing = said.say(TIERS[first]) if first in TIERS else said.say(CONTESTS[first]) if first in CONTESTS else first
    if not rest:
        return thing
    block = ".".join(rest[:2]) if ".".join(rest[:2]) in BLOCKS else rest[0]
    if block not in BLOCKS:
        return path
    leaf = tuple(rest[block.count(".") + 1 :])
    name = f"{said.say(BLOCKS[block])} ({thing})"
    plain = leaf in ((), ("share",), ("value",), ("method",))
    return name if plain else f"{name}, {leaf_name(leaf, said)}"


_TRUE, _FALSE = marked("yes"), marked("no")

UNQUALIFIED = {
    "shared-equally": marked("votes of lists under the bar are shared equally among the others"),
    "in-quota": marked("votes of lists under the bar stay in the quota"),
}
LEFTOVER = {
    "most-votes": marked("seats left over go one each to the lists with most votes"),
    "transfer": marked("seats left over go to a second scrutiny"),
}
"""What a formula does with votes under the bar and with seats left over."""

VALUES = {
    "set-aside": marked("left out"),
    "remainders": marked("by remainders"),
    **UNQUALIFIED,
    **LEFTOVER,
    "at-least": marked("at least"),
    "more-than": marked("more than"),
    "options": marked("votes for lists or candidates"),
    "valid": marked("valid votes"),
    "cast": marked("ballots cast"),
    "issued": marked("ballots issued"),
    "present": marked("electors present"),
    "registered": marked("registered voters"),
    "whole": marked("in the whole"),
    "district": marked("in the district"),
    "any-district": marked("in one district at least"),
    "hare": marked("Hare"),
    "droop": marked("Droop"),
    "hagenbach-bischoff": marked("Hagenbach-Bischoff"),
    "imperiali": marked("Imperiali"),
    "nearest": marked("to the nearest"),
    "up": marked("up"),
    "down": marked("down"),
    "no-rule": marked("the law has no rule"),
    "lot": marked("by lot"),
    "repeat-vote": marked("a repeat vote"),
    "repeat-election": marked("a repeat election"),
    "invalid": marked("the vote is not valid"),
    "list": marked("party lists"),
    "candidates": marked("candidates"),
    "question": marked("a question"),
    "women": marked("women"),
    "youth": marked("youth"),
    "disability": marked("persons with disabilities"),
    "coalition": marked("coalition"),
    "party": marked("party"),
    "independent": marked("independent"),
    "yes": marked("Yes"),
    "no": marked("No"),
    "province": marked("province"),
    "autonomous-city": marked("autonomous city"),
    "constitution": marked("a constitution"),
    "law": marked("a law"),
}
"""Words that stand as values in a rule book."""


def show_value(value: Any, said: Words) -> str:
    """Write a value of a rule book: shares in per cent, numbers by language, yes and no."""
    if isinstance(value, bool):
        return said.say(_TRUE if value else _FALSE)
    if isinstance(value, int):
        return said.number(value)
    if isinstance(value, list):
        return ", ".join(show_value(v, said) for v in value) or NONE
    if isinstance(value, dict):
        return ", ".join(f"{k} {show_value(v, said)}" for k, v in value.items())
    text = str(value)
    if text.startswith("@"):
        return figure_name(text, said)
    if text in METHODS:
        return said.say(METHODS[text])
    if text.endswith("%"):
        try:
            return said.share(Fraction(text[:-1].strip()) / 100)
        except ValueError:
            return text
    if text.isdigit():
        return said.number(int(text))
    return said.say(VALUES[text]) if text in VALUES else note_in(text, said.language) or text


_LEVELS = {
    "constituency": marked("constituency"),
    "district": marked("district"),
    "province": marked("province"),
    "region": marked("region"),
    "precinct": marked("polling station"),
}
"""Levels of units that rule books and cases know."""


def level_name(level: str, said: Words) -> str:
    """Return what units of a level are called; the level itself where it has no name."""
    return said.say(_LEVELS[level]) if level in _LEVELS else level


_CURRENCIES = {"KZT": counted("{n} tenge", "{n} tenge")}
"""By their ISO 4217 codes."""


def money(amount: int, currency: str, said: Words) -> str:
    """Return a sum of money; the code of a currency without a name stands behind the number."""
    known = _CURRENCIES.get(currency)
    return said.plural(*known, amount) if known else f"{said.number(amount)} {currency}"


# ---------------------------------------------------------------- laws


def law_name(law: Law, said: Words) -> str:
    """Return what a law is called by the body that it fills."""
    return text_in(law.body.name, said.language, law.id)


def law_changes(law: Law, said: Words) -> str:
    """Return what was changed in a law for a what-if: provisions with their new values."""
    return "; ".join(
        f"{provision_name(path, said, law)}: {show_value(value, said)}" for path, value in law.changes.items()
    )


def law_names(laws: Sequence[Law], said: Words) -> list[str]:
    """Return the names of laws side by side: with the day where versions of one law, with the changes where what-ifs."""
    ids = [law.id for law in laws]
    days = [{other.day for other in laws if other.id == law.id} for law in laws]
    names = []
    for law, versions in zip(laws, days, strict=True):
        parts = [said.day(law.day)] if len(versions) > 1 else []
        parts += [law_changes(law, said)] if law.changes and ids.count(law.id) > 1 else []
        names.append(f"{law_name(law, said)} ({'; '.join(parts)})" if parts else law_name(law, said))
    return names
