"""Sentences about list seats in one district: bars, quota, whole seats, remainders, quotients, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING

from sailau.election.model import WHOLE
from sailau.wording.beside import outside
from sailau.wording.language import counted, digits_apart, digits_broken, marked
from sailau.wording.view import NO, YES, Row, Said, View, base_word, by_votes, measured

if TYPE_CHECKING:
    from sailau.counting import steps

_FEW = 4
"""Winners of seats by remainders that are named one by one to a list that is not among them."""
_SERIES = {
    "dhondt": "1, 2, 3 …",
    "sainte-lague": "1, 3, 5 …",
    "danish": "1, 4, 7 …",
    "imperiali-divisor": "2, 3, 4 …",
    "adams": "0, 1, 2 …",
    "dean": "0, 4/3, 12/5 …",
    "huntington-hill": "0, √2, √6 …",
}
"""First divisors of each method, as people write them."""

# ---------------------------------------------------------------------- the bar

_VERDICTS = {
    ("at-least", True): marked("{measured}, at least {bar}: takes part"),
    ("at-least", False): marked("{measured}, less than {bar}: takes no part"),
    ("more-than", True): marked("{measured}, more than {bar}: takes part"),
    ("more-than", False): marked("{measured}, not more than {bar}: takes no part"),
}
_VERDICTS_HERE = {
    ("at-least", True): marked("{measured}, at least {bar}: reached here, takes part everywhere"),
    ("at-least", False): marked("{measured}, less than {bar}: not reached here"),
    ("more-than", True): marked("{measured}, more than {bar}: reached here, takes part everywhere"),
    ("more-than", False): marked("{measured}, not more than {bar}: not reached here"),
}
_ENTRY = {
    "at-least": marked("to take part: at least {bar} of {base} ({n})"),
    "more-than": marked("to take part: more than {bar} of {base} ({n})"),
}


def threshold(step: steps.ThresholdApplied, view: View) -> list[Said]:
    """Say who reaches the bar."""
    words = view.words
    base, name, comparison = int(step.base), str(step.base_name), str(step.comparison)
    verdicts = _VERDICTS_HERE if step.anywhere else _VERDICTS
    if view.option is not None:
        row = step.rows[view.option]
        text = measured(view, step.contest, row.votes, base, name, row.share)
        said = words.say(verdicts[comparison, row.passed], measured=text, bar=words.share(row.share))
        return [Said(said)]
    rows = []
    differ = any(row.share != step.share for row in step.rows.values())
    for option, row in by_votes(step.rows):
        cells = [_mark(row.passed, view.name(option)), words.number(row.votes)]
        cells.append(words.percent(Fraction(row.votes, base) if base else Fraction(0), [row.share]))
        if differ:
            cells.append(words.say("bar {bar}", bar=words.share(row.share)))
        rows.append(tuple(cells))
    what = base_word(view, step.contest, name)
    head = words.say(_ENTRY[comparison], bar=words.share(step.share), base=what, n=words.number(base))
    return [Said(head, (*rows, *outside(view, step, base)))]


def _mark(passed: bool, name: str) -> str:
    return f"{YES if passed else NO} {name}"


def bar_lowered(step: steps.BarLowered, view: View) -> list[Said]:
    """Say that the bars fall because too few lists qualify."""
    words = view.words
    text = words.plural(
        "fewer than {n} list qualifies: every bar falls by {step}, the highest one to {share}",
        "fewer than {n} lists qualify: every bar falls by {step}, the highest one to {share}",
        step.lists,
        step=words.share(step.step),
        share=words.share(step.share),
    )
    if view.option is None:
        rows = tuple((_mark(r.passed, view.name(o)), words.share(r.share)) for o, r in step.rows.items())
        return [Said(text, rows)]
    row = step.rows[view.option]
    own = words.say("takes part with {bar}") if row.passed else words.say("takes no part, its bar is {bar}")
    return [Said(f"{text}; {own.format(bar=words.share(row.share))}")]


def filled_up(step: steps.FilledUp, view: View) -> list[Said]:
    """Say that the next largest lists join until those admitted hold enough."""
    words = view.words
    held, base = step.held, step.base
    share = words.percent(Fraction(held, base) if base else Fraction(0), [step.share])
    joins = ", ".join(f"{view.name(o)} {words.number(r.votes)}" for o, r in step.rows.items())
    text = words.say(
        "the lists that take part hold {held} of {base} = {share}, less than {bar}: the next largest joins: {joins}",
        held=words.number(held),
        base=words.number(base),
        share=share,
        bar=words.share(step.share),
        joins=joins,
    )
    return [Said(text)]


def nobody_qualifies(step: steps.NobodyQualifies, view: View) -> list[Said]:
    """Say that no list reached the bar."""
    seats = int(step.seats)
    if step.rule == "repeat-election":
        one, many = counted(
            "no list reaches the bar: {n} seat stays open, a repeat election is due",
            "no list reaches the bar: {n} seats stay open, a repeat election is due",
        )
    else:
        one, many = counted(
            "no list reaches the bar: {n} seat stays open, the law has no rule for it",
            "no list reaches the bar: {n} seats stay open, the law has no rule for it",
        )
    return [Said(view.words.plural(one, many, seats))]


# ---------------------------------------------------------------------- quota and remainders

_MORE_SEATS = {"hagenbach-bischoff": 1, "imperiali": 2, "droop": 1}


def quota(step: steps.QuotaSet, view: View) -> list[Said]:
    """Say what a seat costs."""
    words = view.words
    votes, seats, kind = int(step.votes), int(step.seats), str(step.kind)
    lists = step.sharing
    more = _MORE_SEATS.get(kind, 0)
    divisor = f"({words.number(seats)} + {more})" if more else words.number(seats)
    shown = {
        "votes": words.number(Fraction(votes, lists)),
        "divisor": divisor,
        "quota": words.number(step.quota / lists),
        "exact": words.number(Fraction(votes, lists * max(seats + more, 1))),
    }
    if kind == "droop":
        text = words.say("quota = {votes} ÷ {divisor}, cut to a whole number, plus 1 = {quota}", **shown)
    elif shown["exact"] == shown["quota"]:
        text = words.say("quota = {votes} ÷ {divisor} = {quota}", **shown)
    elif step.rounding == "up":
        text = words.say("quota = {votes} ÷ {divisor} = {exact}, rounded up to {quota}", **shown)
    elif step.rounding == "nearest":
        text = words.say("quota = {votes} ÷ {divisor} = {exact}, rounded to {quota}", **shown)
    else:
        text = words.say("quota = {votes} ÷ {divisor} = {quota}", **shown)
    if step.unqualified == "in-quota":
        text += "; " + words.say("votes of lists under the bar are included")
    if lists > 1:
        text += "; " + words.say("votes of lists under the bar are shared equally among the others")
    return [Said(text)]


def whole(step: steps.WholeSeats, view: View) -> list[Said]:
    """Say how many whole seats a list's votes buy, and what remains."""
    words = view.words
    lists, cost = step.sharing, step.quota
    digits = digits_broken([r.quotient for r in view.chosen(step).values()], 3)
    if view.option is None:
        rows = tuple(
            (view.name(o), words.number(r.votes), words.number(r.quotient, digits), words.number(r.whole))
            for o, r in by_votes(step.rows)
        )
        return [Said(f"{words.say('votes ÷ quota, and the whole seats in it')}{_to_next(step, view)}", rows)]
    row = step.rows[view.option]
    votes = words.number(row.votes)
    if lists > 1:
        whole_votes = row.quotient * cost / lists
        share = words.number(whole_votes - row.votes)
        votes = f"({votes} + {share})"
    text = words.plural(
        "{votes} ÷ quota = {quotient}: {n} seat, remainder {remainder}",
        "{votes} ÷ quota = {quotient}: {n} seats, remainder {remainder}",
        row.whole,
        votes=votes,
        quotient=words.number(row.quotient, digits),
        remainder=words.number(row.remainder, digits),
    )
    return [Said(text + _to_next(step, view))]


def _to_next(step: steps.WholeSeats, view: View) -> str:
    if not step.moves:
        return ""
    text = view.words.plural(
        "{n} seat is left here and goes to the next scrutiny",
        "{n} seats are left here and go to the next scrutiny",
        step.left,
    )
    return f"; {text}"


def remainders(step: steps.RemaindersRanked, view: View) -> list[Said]:
    """Say who gets the seats that whole quotas left."""
    words, left = view.words, int(step.left)
    if step.by_votes:
        one, many = counted(
            "{n} seat is left; it goes to the list with most votes: {order}",
            "{n} seats are left; they go one each to the lists with most votes: {order}",
        )
        order = sorted(step.rows, key=lambda o: (-step.rows[o].gained, -step.rows[o].votes))
        shown = {o: words.number(step.rows[o].votes) for o in order}
    else:
        one, many = counted(
            "{n} seat is left; remainders: {order}",
            "{n} seats are left; remainders: {order}",
        )
        order = list(step.order)
        digits = _digits_of(step)
        shown = {o: words.decimal(step.rows[o].remainder, digits) for o in order}
    return [Said(words.plural(one, many, left, order=_ranking(step, view, order, shown)))]


def _digits_of(step: steps.RemaindersRanked) -> int:
    """Return how many decimals keep the remainders apart."""
    held = [r.remainder for r in step.rows.values()]
    return digits_broken(held, digits_apart(held, 3))


def _ranking(step: steps.RemaindersRanked, view: View, order: Sequence[str], shown: Mapping[str, str]) -> str:
    """Return “A 0.8 ✓, B 0.6 ✓, … C 0.1”: those who gained, the option at hand, the first who did not."""
    kept = set(order)
    if view.option in step.rows:
        won = [o for o in order if _changed(step, o)]
        lost = [o for o in order if not _changed(step, o)]
        kept = {str(view.option), *(won if len(won) <= _FEW else [won[0], won[-1]])}
        if view.option in won:
            kept |= set(lost[:1])
    parts: list[str] = []
    skipped = False
    for option in order:
        if option not in kept:
            skipped = True
            continue
        parts.append(("… " if skipped else "") + _ranked(step, view, option, shown[option]))
        skipped = False
    return ", ".join(parts)


def _changed(step: steps.RemaindersRanked, option: str) -> bool:
    """Whether a ranking gave an option a seat, or took one back."""
    gained = step.rows[option].gained
    return bool(gained < 0 if step.code == "taken-back" else gained > 0)


def _ranked(step: steps.RemaindersRanked, view: View, option: str, shown: str) -> str:
    row = step.rows[option]
    text = f"{view.name(option)} {shown}"
    if row.gained > 0:
        text += f" {YES}" if row.gained == 1 else f" {YES}×{row.gained}"
    if row.gained < 0 and step.code == "taken-back":
        text += f" −{-row.gained}"
    return f"{text} ({view.words.say('equal')})" if row.tied else text


def taken_back(step: steps.SurplusTaken, view: View) -> list[Said]:
    """Say from whom the seats are taken that the quota gave too many."""
    many = -int(step.left)
    digits = _digits_of(step)
    order = [*reversed(step.order)]
    shown = {o: view.words.decimal(step.rows[o].remainder, digits) for o in order}
    text = view.words.plural(
        "{n} seat too many: taken from the smallest remainder: {order}",
        "{n} seats too many: taken from the smallest remainders: {order}",
        many,
        order=_ranking(step, view, order, shown),
    )
    return [Said(text)]


def single_qualifier(step: steps.SingleJoined, view: View) -> list[Said]:
    """Say how two lists share the seats where one alone reached the bar."""
    words = view.words
    first, second = view.name(step.first), view.name(step.second)
    if step.equal:
        second = words.say("one of {names}", names=view.names(step.equal))
    one, two = step.rows[step.first], step.rows[step.second]
    votes = f"({words.number(one.votes)} + {words.number(two.votes)})"
    seats, cost = words.number(step.seats), words.number(step.quota)
    get = words.plural(
        "{votes} ÷ quota × {factor} = {quotient}, at least {minimum}: {second} gets {n} seat; the rest go to {first}: {rest}",
        "{votes} ÷ quota × {factor} = {quotient}, at least {minimum}: {second} gets {n} seats; the rest go to {first}: {rest}",
        two.seats,
        votes=words.number(two.votes),
        factor=words.fraction(step.factor),
        quotient=words.number(step.quotient, digits_broken([step.quotient], 3)),
        minimum=words.number(step.minimum),
        second=second,
        first=first,
        rest=words.number(one.seats),
    )
    return [
        Said(words.say("{first} alone reaches the bar: the next list, {second}, joins", first=first, second=second)),
        Said(words.say("quota = {votes} ÷ {divisor} = {quota}", votes=votes, divisor=seats, quota=cost)),
        Said(get),
    ]


# ---------------------------------------------------------------------- quotients


def quotients(step: steps.QuotientsRanked, view: View) -> list[Said]:
    """Say with which quotients seats were won and lost."""
    held = [q for r in step.rows.values() for q in (r.last, r.next) if q is not None]
    near = [q for q in (step.smallest, step.largest) if q is not None]
    digits = digits_apart(near, 2) if near and step.power == 1 else 2
    if view.option is None:
        return [_all_quotients(step, view, digits)]
    row = step.rows[view.option]
    mine = [q for q in (row.last, row.next) if q is not None]
    digits = digits_apart([*near, *mine], 2) if held and step.power == 1 else 2
    return [Said(_own_quotients(step, view, row, digits))]


def _quotient(view: View, value: Fraction, power: int, digits: int) -> str:
    """Write a quotient; where the formula keeps a power of it, the root cut to two decimals."""
    if power == 1:
        return view.words.number(value, digits)
    return view.words.number(Fraction(_root(value * 100**power, power), 100), 2)


def _root(value: Fraction, power: int) -> int:
    """Return the whole part of a root, exactly: the largest number whose power is no larger."""
    if power == 2:
        return isqrt(int(value))
    low, high = 0, 1 << (int(value).bit_length() // power + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**power <= value else (low, middle)
    return low


def _series(step: steps.QuotientsRanked, view: View) -> str:
    method, first, exponent = str(step.method), step.first, step.exponent
    if exponent is not None:
        numbers = _SERIES[method].rstrip(" …").split(", ")
        return ", ".join(f"{n}^{view.words.divisor(exponent)}" if n != "1" else n for n in numbers) + " …"
    if method == "modified-sainte-lague" and first is not None:
        return f"{view.words.divisor(first)}, 3, 5 …"
    return _SERIES.get(method, "…")


def _own_quotients(
    step: steps.QuotientsRanked, view: View, row: steps.QuotientRow | steps.PartnerRow, digits: int
) -> str:
    words, power = view.words, step.power
    votes = words.number(row.votes)
    parts = []
    if row.seats and row.last is not None:
        last = _division(step, view, row.votes, row.last, digits)
        parts.append(
            words.plural(
                "{division}: {n} seat, the last one with this quotient",
                "{division}: {n} seats, the last one with this quotient",
                row.seats,
                division=last,
            )
        )
    elif row.seats:
        parts.append(words.plural("{votes} votes: {n} seat", "{votes} votes: {n} seats", row.seats, votes=votes))
    if row.next is not None:
        following = _division(step, view, row.votes, row.next, digits)
        if row.seats:
            parts.append(words.say("the next would come with {division}", division=following))
        else:
            parts.append(words.say("{division}: no seat", division=following))
    if row.seats and row.last == step.smallest:
        parts.append(words.say("no smaller quotient has a seat"))
    elif step.smallest is not None and row.next is not None:
        edge = _quotient(view, step.smallest, power, digits)
        parts.append(words.say("the smallest quotient with a seat is {quotient}", quotient=edge))
    if row.tied:
        parts.append(words.say("its quotient is equal to another one"))
    return "; ".join(parts) or votes


def _division(step: steps.QuotientsRanked, view: View, votes: int, quotient: Fraction, digits: int) -> str:
    """Write “39,722 ÷ 2 = 19,861”."""
    power, exponent = int(step.power), step.exponent
    shown = _quotient(view, quotient, power, digits)
    if exponent is not None:
        number = _root(Fraction(votes**power) / quotient, exponent.numerator)
        divisor = f"{number}^{view.words.divisor(exponent)}"
    elif power != 1:
        divisor = f"√{view.words.number(Fraction(votes * votes) / quotient)}"
    else:
        divisor = view.words.divisor(Fraction(votes) / quotient)
    return f"{view.words.number(votes)} ÷ {divisor} = {shown}"


def _all_quotients(step: steps.QuotientsRanked, view: View, digits: int) -> Said:
    words, power = view.words, step.power
    parts = [
        words.plural(
            "{n} seat goes to the largest quotient of votes ÷ {series}",
            "{n} seats go to the largest quotients of votes ÷ {series}",
            step.seats or 0,
            series=_series(step, view),
        )
    ]
    if step.smallest is not None:
        edge = _quotient(view, step.smallest, power, digits)
        parts.append(words.say("the last seat was won with {quotient}", quotient=edge))
    if step.largest is not None:
        edge = _quotient(view, step.largest, power, digits)
        parts.append(words.say("the next would have gone to {quotient}", quotient=edge))
    rows: list[Row] = []
    for option, row in by_votes(step.rows):
        quotient = [_quotient(view, q, power, digits) if q is not None else "" for q in (row.last, row.next)]
        name = view.name(option) + (f" ({words.say('equal')})" if row.tied else "")
        rows.append((name, words.number(row.votes), words.number(row.seats), *quotient))
    head: Row = ("", words.say("votes"), words.say("seats"), words.say("last quotient"), words.say("next quotient"))
    return Said("; ".join(parts), (head, *rows))


def agreements(step: steps.PartnersShared, view: View) -> list[Said]:
    """Say what partners were dealt together, and how they shared it."""
    words, lines = view.words, []
    chosen = view.chosen(step)
    for partners in dict.fromkeys(row.partners for row in chosen.values()):
        row = next(row for row in chosen.values() if row.partners == partners)
        names = words.say(" and ").join(view.name(option) for option in partners)
        if row.together_last is None:
            division = words.number(row.together_votes)
        else:
            division = _division(step, view, row.together_votes, row.together_last, 2)
        lines.append(
            Said(
                words.plural(
                    "{names} agreed to get seats together: {division}: {n} seat",
                    "{names} agreed to get seats together: {division}: {n} seats",
                    row.together_seats,
                    names=names,
                    division=division,
                )
            )
        )
        for option in partners:
            if option in chosen:
                own = _own_quotients(step, view, step.rows[option], 2)
                lines.append(Said(words.say("of these, {name}: {own}", name=view.name(option), own=own)))
    return lines


def limit(step: steps.LimitReached, view: View) -> list[Said]:
    """Say that a list can take no more seats."""
    words = view.words
    if step.exhausted:
        one, many = counted(
            "{name}: all {n} candidate of the list is elected, it takes no more seats",
            "{name}: all {n} candidates of the list are elected, it takes no more seats",
        )
    else:
        one, many = counted("{name} can take {n} seat and no more", "{name} can take {n} seats and no more")
    return [Said(words.plural(one, many, r.most, name=view.name(o))) for o, r in view.chosen(step).items()]


# ---------------------------------------------------------------------- seats of districts

_SCORES = {
    "population": marked("population"),
    "area_km2": marked("area"),
    "valid": marked("valid votes"),
    "options": marked("votes for lists or candidates"),
}


def district_seats(step: steps.DistrictSeats, view: View) -> list[Said]:
    """Say how many seats each district has, and by what."""
    words, rows = view.words, step.districts
    by = words.say(" and ").join(words.say(_SCORES.get(name, name)) for name in step.by)
    text = words.plural(
        "{total} seats are shared by {by} among {n} district",
        "{total} seats are shared by {by} among {n} districts",
        len(rows),
        total=words.number(step.total),
        by=by,
    )
    if step.set_aside:
        text += "; " + words.plural(
            "{n} seat of each is kept for a later stage",
            "{n} seats of each are kept for a later stage",
            step.set_aside,
        )
    if view.option is not None:
        return [Said(text)]
    table = tuple(
        (
            view.name(u) if u != WHOLE else words.say("the whole"),
            words.number(Fraction(r.score, step.scale), 1),
            words.number(r.seats),
        )
        for u, r in sorted(rows.items(), key=lambda item: -item[1].seats)
    )
    return [Said(text, table)]
