"""Whatever is changed in a case: it is counted, or it is refused with faults that are in order."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from election.mutations import answer, broken, sound


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_broken_case_is_counted_or_refused(seed: int) -> None:
    assert answer(broken(Random(seed))) in ("counted", "refused")


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_the_mutations_start_from_is_in_order(seed: int) -> None:
    assert answer(sound(Random(seed))) == "counted"
