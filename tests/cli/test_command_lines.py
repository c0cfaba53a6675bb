"""A short run of the campaign of generated command lines, see campaigns/README.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command_lines import Line, commands, furnish, line_of, trouble


def test_generated_command_lines_end_as_they_may(tmp_path: Path) -> None:
    furnish(tmp_path)
    found = {seed: said for seed in range(1, 121) if seed % 40 and (said := trouble(line_of(seed), tmp_path))}
    assert found == {}


@pytest.mark.parametrize("seed", [40, 80])
def test_generated_command_lines_end_as_they_may_in_processes_of_their_own(seed: int, tmp_path: Path) -> None:
    furnish(tmp_path)
    assert line_of(seed).ending
    assert trouble(line_of(seed), tmp_path) == ""


def test_every_command_is_among_them() -> None:
    drawn = {path for seed in range(3000) for path in commands() if line_of(seed).arguments[: len(path)] == path}
    assert set(commands()) - drawn == set()


def test_what_goes_wrong_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("x")

    furnish(tmp_path)
    line = Line(1, ("check", "mine"), 80, "utf-8", "", ())
    monkeypatch.setattr("sailau.election.open_case", fail)
    assert "a fault of Sailau itself" in trouble(line, tmp_path)
