"""What the library gives is a table of Arrow, and shows itself in a notebook."""

from __future__ import annotations

import polars
import pyarrow
import pytest

import sailau
from sailau.wording.under_laws import comparison_tables


@pytest.fixture(scope="module")
def comparison() -> sailau.Comparison:
    return sailau.compare("mazhilis-2023", ["lt/seimas"])


@pytest.fixture(scope="module")
def report() -> sailau.Report:
    return sailau.simulate("mazhilis-2023", draws=500, seed=3, sets=["list.threshold.share=7%"], threads=1)


def test_a_comparison_has_a_row_for_every_law_and_party(comparison: sailau.Comparison) -> None:
    rows = {(r["law"], r["party"]): r for r in polars.DataFrame(comparison).to_dicts()}
    assert rows["kz/mazhilis", "amanat"]["chamber"] == 62
    assert rows["lt/seimas", "auyl"]["seats"] == 8
    assert b"law-digest" in pyarrow.table(comparison).schema.metadata


def test_a_simulation_has_a_row_for_every_law_and_party(report: sailau.Report) -> None:
    table = pyarrow.table(report)
    assert table.num_rows == len(report.results) * len(report.job.parties)
    means = {(r["variant"], r["party"]): r["mean"] for r in table.to_pylist()}
    assert means["law", "ppk"] == float(report.own.expected("ppk"))


def test_a_table_keeps_numbers_as_numbers(comparison: sailau.Comparison) -> None:
    table = pyarrow.table(comparison_tables(comparison, "kk")[0])
    kinds = {str(field.type) for field in table.schema}
    assert "int64" in kinds
    assert table.num_rows == len(comparison_tables(comparison, "kk")[0].rows)


def test_they_show_themselves(comparison: sailau.Comparison, report: sailau.Report) -> None:
    for shown in (comparison, report):
        assert "<table>" in shown._repr_html_()
        assert shown._repr_svg_().startswith("<svg")
    assert "<table>" in sailau.open_case("mazhilis-2023")._repr_html_()
    assert repr(comparison).startswith("<Comparison of mazhilis-2023 under kz/mazhilis@2023-03-19")
    assert max(map(len, map(repr, (report, report.own, *comparison.rows)))) < 300


def test_what_is_shipped_is_listed() -> None:
    assert sailau.shipped_cases()["storting-2021"].startswith("Norway")
    assert sailau.shipped_laws()["no/storting"] == "Storting of Norway"


def test_every_verb_says_its_parameters() -> None:
    import inspect

    for name in ("count", "law", "compare", "simulate", "compile", "shipped_cases"):
        verb = getattr(sailau, name)
        assert inspect.isfunction(verb), "not the room of that name"
        assert (verb.__doc__ or "").strip()
        kinds = {parameter.kind for parameter in inspect.signature(verb).parameters.values()}
        assert not kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
