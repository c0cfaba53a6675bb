"""The generated reference pages are what the program says today."""

from __future__ import annotations

import pytest

from docs.test_pages import load

build = load("build_reference")


@pytest.mark.parametrize("name", list(build.PAGES))
def test_a_generated_page_is_fresh(name: str) -> None:
    page = (build.HERE / name).read_text(encoding="utf-8")
    assert page == build.PAGES[name](), "stale: run python docs/build_reference.py"


def test_a_word_without_a_meaning_is_refused() -> None:
    class Block:
        pass

    with pytest.raises(LookupError, match=r"vocabulary\.toml"):
        build.vocabulary(Block, "colour", ["magenta"])


def test_words_are_explained_by_the_vocabulary_that_has_them_all() -> None:
    from sailau.law.schema import Formula, Tie, Turnout

    assert build.vocabulary(Formula, "quota", ["hare", "droop"]) == "quota"
    assert build.vocabulary(Tie, "otherwise", ["no-rule", "lot"]) == "open-tie"
    assert build.vocabulary(Turnout, "otherwise", ["invalid", "repeat-vote"]) == "turnout-otherwise"
