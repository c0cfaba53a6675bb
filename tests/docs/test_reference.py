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
    from sailau.rulebook.schema import Formula, TieBreak, Turnout

    assert build.vocabulary(Formula, "quota", ["hare", "droop"]) == "quota"
    assert build.vocabulary(TieBreak, "otherwise", ["no-rule", "lot"]) == "open-tie"
    assert build.vocabulary(Turnout, "otherwise", ["invalid", "repeat-vote"]) == "turnout-otherwise"


def test_the_page_of_the_case_folder_names_every_file_column_line_and_key() -> None:
    from sailau.election import case, files, rows
    from sailau.rulebook.lines import COMMON_LINES

    page = (build.HERE / "case-folder.md").read_text(encoding="utf-8")
    columns = {
        "parties.csv": ("party", *rows.PARTY_COLUMNS),
        "candidates.csv": ("candidate", *rows.CANDIDATE_COLUMNS),
        "units.csv": ("unit", *rows.UNIT_COLUMNS, "seats_<contest>", "district_<contest>"),
        "commissions.csv": ("commission", *rows.MEMBER_COLUMNS),
        "returns.csv": ("unit", "contest", "item", "count", "round", "version"),
        "protocols.csv": ("unit", *rows.PROTOCOL_COLUMNS),
    }
    for file, names in columns.items():
        _, _, section = page.partition(f"\n## {file}")
        header = section.split("`")[1].split(",")
        assert (file, sorted(header)) == (file, sorted(names))
    assert [name for name in (*files.TABLES, files.CASE, *COMMON_LINES, *case._KEYS) if name not in page] == []


def test_the_table_of_laws_names_contests_and_levels_that_the_books_have() -> None:
    import re

    from sailau.rulebook import load

    page = (build.HERE / "case-folder.md").read_text(encoding="utf-8").partition("## Which contests")[2]
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) >= 14
    for laws, said in rows:
        pairs = re.findall(r"`([\w-]+)`(?: \([^)]*\))? → (?:`(\w+)`|(whole))", said)
        assert pairs, said
        for place, law in enumerate(re.findall(r"`([\w/-]+)`", laws)):
            contests = {(c["id"], c.get("level", "") or "whole") for c in load(law).data["contest"]}
            # A row for two laws with two contests gives the first to the first, the second to the second.
            split = len(pairs) == laws.count("/") > 1
            for contest, level, whole in pairs[place : place + 1] if split else pairs:
                assert (contest, level or whole) in contests, law


def test_the_page_of_the_json_names_every_key_of_a_count() -> None:
    import sailau

    page = (build.HERE / "json.md").read_text(encoding="utf-8")
    data = sailau.count("mazhilis-2023").to_json()
    contest = data["contests"]["list"]
    keys = [*data, *contest, *data["elected"][0], *sailau.count("mazhilis-2023").steps_json()[0]]
    assert [key for key in keys if f"`{key}`" not in page and f"`{key}." not in page] == []
