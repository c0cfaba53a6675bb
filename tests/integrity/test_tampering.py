"""Every change is found, with its kind and place: a slice of campaigns/tamper.py, the same on every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrity import tampering


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tampering.clean_log(tmp_path_factory.mktemp("clean"))


@pytest.mark.parametrize("number", range(len(tampering.CHANGES)), ids=lambda n: tampering.CHANGES[n].__name__)
def test_every_change_is_found(number: int, clean: Path, tmp_path: Path) -> None:
    assert tampering.unfound(clean, tmp_path / "changed", number) == ""


def test_a_clean_log_is_no_alarm(clean: Path) -> None:
    assert tampering.findings(clean) == []
