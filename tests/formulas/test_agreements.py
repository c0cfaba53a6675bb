"""Agreements between lists: seats dealt to partners together, then among them."""

from collections import Counter
from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sailau.formulas.agreements import joint
from sailau.formulas.allocation import settle
from sailau.formulas.divisor import highest_averages

DHONDT = partial(highest_averages, method="dhondt")

# Central Elections Committee of Israel, Knesset of 1 November 2022: votes and seats of the lists above 3.25 per cent.
KNESSET = {
    "likud": (1_115_336, 32),
    "yesh-atid": (847_435, 24),
    "religious-zionism": (516_470, 14),
    "national-unity": (432_482, 12),
    "shas": (392_964, 11),
    "utj": (280_194, 7),
    "yisrael-beiteinu": (213_687, 6),
    "raam": (194_047, 5),
    "hadash-taal": (178_735, 5),
    "labor": (175_992, 4),
}
PARTNERS = (("likud", "religious-zionism"), ("yesh-atid", "national-unity"), ("shas", "utj"))


def numbers(names: list[str]) -> np.ndarray:
    """Number groups: partners share one."""
    first = {name: pair[0] for pair in PARTNERS for name in pair}
    keys = [first.get(name, name) for name in names]
    return np.array([list(dict.fromkeys(keys)).index(key) for key in keys])


def test_the_knesset_of_2022() -> None:
    votes, seats = np.array(list(KNESSET.values())).T
    allocation = joint(votes, np.array(120), numbers(list(KNESSET)), DHONDT)
    assert allocation.seats.tolist() == seats.tolist()
    assert allocation.open == 0
    alone = DHONDT(votes, 120).seats
    assert dict(zip(KNESSET, (alone - seats).tolist(), strict=True)) == {
        **dict.fromkeys(KNESSET, 0),
        "likud": -1,
        "labor": 1,
    }


def one_by_one(votes: list[int], group: list[int], seats: int) -> list[int] | None:
    """Deal seats to groups, then to members, one by one to the largest quotient; None where two are equal at a cut."""

    def dealt(polls: dict[int, int], number: int) -> Counter[int] | None:
        quotients = sorted(
            ((Fraction(v, n), o) for o, v in polls.items() if v for n in range(1, number + 1)), reverse=True
        )
        if len(quotients) > number > 0 and quotients[number - 1][0] == quotients[number][0]:
            return None
        return Counter(option for _, option in quotients[:number])

    together: Counter[int] = Counter()
    for option, poll in enumerate(votes):
        together[group[option]] += poll
    upper = dealt(dict(together), seats)
    if upper is None:
        return None
    result = [0] * len(votes)
    for place, number in upper.items():
        own = dealt({o: v for o, v in enumerate(votes) if group[o] == place}, number)
        if own is None:
            return None
        for option, won in own.items():
            result[option] = won
    return result


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 2)), min_size=2, max_size=6), st.integers(1, 30))
def test_equals_dealing_one_by_one(lists: list[tuple[int, int]], seats: int) -> None:
    votes = [poll for poll, _ in lists]
    groups = sorted({place for _, place in lists})
    group = [groups.index(place) for _, place in lists]
    if not any(votes):
        return
    allocation = joint(np.array(votes), np.array(seats), np.array(group), DHONDT)
    expected = one_by_one(votes, group, seats)
    if expected is None:
        assert allocation.open > 0
        settled = settle(allocation, np.arange(len(votes)))
        assert settled.open == 0
        assert settled.seats.sum() == seats
        assert (settled.seats >= allocation.seats).all()
    else:
        assert allocation.seats.tolist() == expected


def test_many_elections_are_as_each_alone() -> None:
    random = np.random.default_rng(3)
    votes, seats, group = random.integers(0, 50, (5, 300)), random.integers(1, 20, 300), np.array([0, 1, 0, 2, 1])
    many = joint(votes, seats, group, DHONDT)
    for n in range(0, 300, 7):
        alone = joint(votes[:, n], seats[n : n + 1][0], group, DHONDT)
        assert many.seats[:, n].tolist() == alone.seats.tolist()
        assert many.tied[:, n].tolist() == alone.tied.tolist()
        assert many.open[n] == alone.open


def test_partners_of_an_open_group_are_tied() -> None:
    # Groups {60, 40} and {100} are equal for the only seat.
    allocation = joint(np.array([60, 40, 100]), np.array(1), np.array([0, 0, 1]), DHONDT)
    assert allocation.seats.tolist() == [0, 0, 0]
    assert allocation.tied.tolist() == [True, True, True]
    # The third list ranks last: its rivals' seat goes to the larger of the partners.
    assert settle(allocation, np.array([2, 1, 3])).seats.tolist() == [1, 0, 0]
