"""Sentences about tiers that look at the whole: levelling seats, second scrutiny, the matrix of districts and lists."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.wording.language import counted, digits_broken, marked
from sailau.wording.view import Row, Said, View

if TYPE_CHECKING:
    from sailau.counting import steps

METHODS = {
    "largest-remainder": marked("largest remainders"),
    "dhondt": marked("D'Hondt"),
    "sainte-lague": marked("Sainte-Laguë"),
    "modified-sainte-lague": marked("modified Sainte-Laguë"),
    "huntington-hill": marked("Huntington–Hill"),
    "adams": marked("Adams"),
    "dean": marked("Dean"),
    "danish": marked("the Danish method"),
    "imperiali-divisor": marked("Imperiali divisors"),
    "balinski-young-quota": marked("the quota method of Balinski and Young"),
    "plurality": marked("most votes"),
    "majority": marked("absolute majority"),
    "question": marked("a question answered by voters"),
    "biproportional": marked("double proportionality"),
    "declared": marked("declared by the authority, not counted"),
}


def levelling(step: steps.LevellingShared, view: View) -> list[Said]:
    """Say what a list's share of the whole is, and how many levelling seats it is due."""
    words = view.words
    pool, method = words.number(step.pool), words.say(METHODS[step.method])
    if view.option is None:
        head: Row = (
            "",
            words.say("votes"),
            words.say("share"),
            words.say("held"),
            words.say("due"),
            words.say("last quotient"),
        )
        rows = sorted(step.rows.items(), key=lambda item: -item[1].votes)
        table = tuple(_pool_row(view, o, r) for o, r in rows)
        return [
            Said(words.say("{pool} seats of the whole shared by {method}", pool=pool, method=method), (head, *table))
        ]
    row = step.rows[view.option]
    shown = {"votes": words.number(row.votes), "pool": pool, "method": method, "held": words.number(row.held)}
    if row.over:
        text = words.plural(
            "{votes} votes in the whole: share {n} of {pool} seats ({method}); it holds {held}, keeps them and leaves",
            "{votes} votes in the whole: share {n} of {pool} seats ({method}); it holds {held}, keeps them and leaves",
            row.share,
            **shown,
        )
        return [Said(text)]
    text = words.plural(
        "{votes} votes in the whole: share {n} of {pool} seats ({method}); it holds {held}: {due} due",
        "{votes} votes in the whole: share {n} of {pool} seats ({method}); it holds {held}: {due} due",
        row.share,
        due=words.number(row.share - row.held),
        **shown,
    )
    if row.last is not None:
        text += "; " + words.say("its last one with the quotient {quotient}", quotient=words.number(row.last))
    return [Said(text)]


def _pool_row(view: View, option: str, row: steps.PoolRow) -> Row:
    words = view.words
    due = words.say("keeps and leaves") if row.over else words.number(row.share - row.held)
    last = words.number(row.last) if row.last is not None else ""
    return (
        view.name(option),
        words.number(row.votes),
        words.number(row.share),
        words.number(row.held),
        due,
        last,
    )


def levelling_place(step: steps.LevellingPlaced, view: View) -> list[Said]:
    """Say why a levelling seat lies in a district."""
    words = view.words
    said = []
    for option, row in view.chosen(step).items():
        text = words.plural(
            "{votes} ÷ {divisor} ÷ ({all} ÷ {seats}) = {quotient}: the levelling seat of {unit}, where it held {n} seat",
            "{votes} ÷ {divisor} ÷ ({all} ÷ {seats}) = {quotient}: the levelling seat of {unit}, where it held {n} seats",
            row.held,
            votes=words.number(row.votes),
            divisor=words.divisor(row.divisor),
            all=words.number(row.district_votes),
            seats=words.number(row.district_seats),
            quotient=words.number(row.quotient, 4),
            unit=view.name(step.unit),
        )
        if view.option is None:
            text = f"{view.name(option)}: {text}"
        said.append(Said(text))
    return said


def transfer(step: steps.Transferred, view: View) -> list[Said]:
    """Say how the seats that districts left are shared in the whole."""
    words = view.words
    left = int(step.left)
    more = {"hagenbach-bischoff": 1, "imperiali": 2, "droop": 1}.get(step.kind, 0)
    divisor = f"({words.number(left)} + {more})" if more else words.number(left)
    text = words.plural(
        "second scrutiny: {n} seat is left; quota = {votes} transferred votes ÷ {divisor}, rounded: {quota}",
        "second scrutiny: {n} seats are left; quota = {votes} transferred votes ÷ {divisor}, rounded: {quota}",
        left,
        votes=words.number(step.votes),
        divisor=divisor,
        quota=words.number(step.quota),
    )
    if view.option is None:
        head: Row = (
            "",
            words.say("transferred"),
            words.say("whole seats"),
            words.say("remainder"),
            words.say("seats"),
            words.say("first scrutiny"),
        )
        rows = sorted(step.rows.items(), key=lambda item: -item[1].transferred)
        return [Said(text, (head, *(_transfer_row(view, o, r) for o, r in rows)))]
    row = step.rows[view.option]
    own = words.plural(
        "{votes} transferred votes ÷ quota: {whole} whole, remainder {remainder}: {n} seat, beside {first} from the districts",
        "{votes} transferred votes ÷ quota: {whole} whole, remainder {remainder}: {n} seats, beside {first} from the districts",
        row.seats,
        votes=words.number(row.transferred),
        whole=words.number(row.whole),
        remainder=words.number(row.remainder),
        first=words.number(row.first),
    )
    return [Said(text), Said(own)]


def _transfer_row(view: View, option: str, row: steps.TransferRow) -> Row:
    numbers = (row.transferred, row.whole, row.remainder, row.seats, row.first)
    return (view.name(option), *(view.words.number(n) for n in numbers))


def transfer_place(step: steps.TransferPlaced, view: View) -> list[Said]:
    """Say in which district a transferred seat lies."""
    words = view.words
    said = []
    for option, row in view.chosen(step).items():
        text = words.plural(
            "{n} seat of the second scrutiny goes to {unit}, where the remainder is {remainder} votes",
            "{n} seats of the second scrutiny go to {unit}, where the remainder is {remainder} votes",
            row.seats,
            unit=view.name(step.unit),
            remainder=words.number(row.remainder),
        )
        said.append(Said(text if view.option is not None else f"{view.name(option)}: {text}"))
    return said


# ---------------------------------------------------------------------- the matrix


def matrix_lists(step: steps.MatrixLists, view: View) -> list[Said]:
    """Say how many seats each list has in the whole."""
    words = view.words
    total, method = words.number(step.seats), words.say(METHODS[step.method])
    if view.option is None:
        rows = sorted(step.rows.items(), key=lambda item: -item[1].votes)
        table = tuple((view.name(o), words.number(r.votes), words.number(r.seats)) for o, r in rows)
        text = words.say(
            "{total} seats of the whole shared by {method}, by votes or voter numbers", total=total, method=method
        )
        return [Said(text, table)]
    row = step.rows[view.option]
    text = words.plural(
        "{votes} votes or voter numbers in the whole: {n} of {total} seats ({method})",
        "{votes} votes or voter numbers in the whole: {n} of {total} seats ({method})",
        row.seats,
        votes=words.number(row.votes),
        total=total,
        method=method,
    )
    return [Said(text)]


_ROUNDED = {
    "standard": counted("{division}, rounded: {n} seat", "{division}, rounded: {n} seats"),
    "down": counted("{division}, cut: {n} seat", "{division}, cut: {n} seats"),
    "up": counted("{division}, rounded up: {n} seat", "{division}, rounded up: {n} seats"),
}


def matrix(step: steps.MatrixDealt, view: View) -> list[Said]:
    """Say how a district's votes for a list become seats: over the district's divisor and the list's divisor."""
    words = view.words
    one, many = _ROUNDED[step.rounding]
    said: list[str] = []
    table: list[Row] = []
    for option, row in view.chosen(step).items():
        exact = Fraction(row.quotient)
        digits = digits_broken([exact], 3)
        quotient = words.number(exact, digits)
        above, below = words.divisor(Fraction(step.divisor or 1)), words.divisor(Fraction(row.divisor), 5)
        division = f"{words.number(row.votes)} ÷ {above} ÷ {below} = {quotient}"
        said.append(words.plural(one, many, row.seats, division=division))
        table.append((view.name(option), words.plural(one, many, row.seats, division=division)))
    if view.option is None:
        return [Said(words.say("votes ÷ divisor of the district ÷ divisor of the list"), tuple(table))]
    return [Said(text) for text in said]
