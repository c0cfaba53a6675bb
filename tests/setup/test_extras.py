"""Libraries that only some commands need: what a clone installs, what is asked for later, and the words where it cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sailau import extras
from sailau.cli.app import run
from sailau.rulebook import BadInput
from setup.clones import ROOT, FakeClone

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = sorted(set(PROJECT["optional-dependencies"]) - {"all"})
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)((?:.*\\\n)(?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)


def pins(level: str) -> dict[str, tuple[str, str]]:
    """Return package → version and hashes of a lock file."""
    text = (ROOT / "requirements" / f"{level}.lock").read_text(encoding="utf-8")
    assert len(PIN.findall(text)) == text.count("==") - text.count(" == '"), level
    return {name: (version, hashes) for name, version, hashes in PIN.findall(text)}


def test_counting_installs_four_packages_and_what_they_need() -> None:
    core = set(pins("core"))
    assert {"numpy", "pydantic", "rich", "typer"} <= core
    heavy = {
        "dask",
        "distributed",
        "duckdb",
        "icalendar",
        "matplotlib",
        "pyarrow",
        "tornado",
        "typst",
        "jinja2",
        "pyyaml",
    }
    assert not core & heavy
    assert len(core) < 20


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_extra_has_a_lock_file_with_what_counting_needs(extra: str) -> None:
    locked = pins(extra)
    assert pins("core").items() <= locked.items()
    for requirement in PROJECT["optional-dependencies"][extra]:
        assert re.split(r"[<>=\[]", requirement)[0] in locked


@pytest.mark.parametrize("level", ["core", *EXTRAS])
def test_all_lock_files_pin_the_same(level: str) -> None:
    assert pins(level).items() <= pins("run").items() <= pins("dev").items()


@pytest.fixture
def without_icalendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)


def test_outside_a_clone_a_missing_library_is_named_with_what_installs_it(
    without_icalendar: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extras, "clone", lambda: None)
    file = tmp_path / "calendar.ics"
    assert run(["calendar", "kz/mazhilis@2023-03-19", "--ics", str(file)]) == 2
    assert capsys.readouterr().err == "--ics: found no icalendar; expected it installed: pip install icalendar\n"
    assert not file.exists()


def test_a_clone_installs_what_is_missing_and_goes_on(
    without_icalendar: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "setup").write_text(f'#!/bin/sh\necho "$1" >{tmp_path}/asked\n')
    (tmp_path / "bin" / "setup").chmod(0o755)

    def clone() -> Path:
        # From here on it is as if it were there: what follows is that the shell is asked, and the import tried again.
        monkeypatch.delitem(sys.modules, "icalendar")
        return tmp_path

    monkeypatch.setattr(extras, "clone", clone)
    assert extras.library("icalendar", "calendar", "--ics").Calendar
    assert (tmp_path / "asked").read_text() == "calendar\n"


def test_a_clone_that_cannot_install_says_so(
    without_icalendar: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "setup").write_text("#!/bin/sh\nexit 2\n")
    (tmp_path / "bin" / "setup").chmod(0o755)
    monkeypatch.setattr(extras, "clone", lambda: tmp_path)
    with pytest.raises(BadInput, match="expected bin/setup calendar to succeed"):
        extras.library("icalendar", "calendar", "--ics")


def test_a_fault_inside_a_library_is_not_taken_for_its_absence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_library.py").write_text("import no_such_module_anywhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        extras.library("broken_library", "calendar", "--ics")


def test_another_environment_than_the_clones_own_is_never_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert extras.clone() is None


def test_bin_setup_adds_an_extra_to_what_is_there(tmp_path: Path) -> None:
    clone = FakeClone(tmp_path)
    environment = os.environ | {"PATH": f"{clone.tools}:{os.environ['PATH']}", "FAKE_LOG": str(clone.log)}
    for level, events in (("core", 4), ("calendar", 6), ("core", 6), ("calendar", 6), ("run", 8), ("parquet", 8)):
        command = [clone.root / "bin" / "setup", level]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert len(clone.events()) == events, level
        assert ("Installing what “calendar” needs" in result.stderr) == (
            (level, events) == ("calendar", 6)
        ) or not result.stderr
