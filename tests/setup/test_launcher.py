"""`bin/sailau` from any folder, by any path: it runs the clone's own code and nothing that lies about."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from setup.clones import ROOT, scratch, with_environment

HOSTILE = (
    "csv", "tomllib", "numpy", "sailau", "typing", "json", "re", "enum", "pydantic", "typer", "rich", "decimal",
    "fractions", "pathlib", "gettext", "zipfile", "sitecustomize", "usercustomize", "unicodedata", "_sysconfigdata",
)  # fmt: skip
"""Modules that a command imports, and those that Python itself looks for when it starts."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_environment(scratch(tmp_path_factory.mktemp("launch") / "clone"))


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A case folder with Python files, each of which would leave a mark."""
    folder = tmp_path / "case"
    shutil.copytree(ROOT / "src" / "sailau" / "cases" / "mazhilis-2023", folder)
    for name in HOSTILE:
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n", encoding="utf-8")
    return folder


def launch(launcher: Path, *arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | settings
    return subprocess.run([launcher, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", [None, "", ":", ".", "here:", ".:.."], ids=repr)
def test_no_module_is_taken_from_the_folder_one_stands_in(clone: Path, trap: Path, path: str | None) -> None:
    settings = {} if path is None else {"PYTHONPATH": path}
    result = launch(clone / "bin" / "sailau", "count", ".", cwd=trap, **settings)
    assert not (trap.parent / "ran").exists(), f"ran {(trap.parent / 'ran').read_text()}"
    assert (result.returncode, result.stderr) == (0, "")
    assert "Amanat" in result.stdout


@pytest.mark.parametrize(
    "arguments", [("law", "show", "kz/mazhilis"), ("explain", ".", "auyl"), ("case", "validate", "."), ("--help",)]
)
def test_no_command_runs_what_lies_in_a_case(clone: Path, trap: Path, arguments: tuple[str, ...]) -> None:
    result = launch(clone / "bin" / "sailau", *arguments, cwd=trap, PYTHONPATH=":")
    assert not (trap.parent / "ran").exists()
    assert (result.returncode, result.stderr) == (0, "")


def test_bin_setup_runs_nothing_of_the_folder_one_stands_in(clone: Path, trap: Path) -> None:
    mark = clone / ".venv" / ".sailau-run"
    lock = mark.read_bytes()
    mark.unlink()
    try:
        (trap / "python3").write_text(f"#!/bin/sh\necho python3 >>{trap.parent / 'ran'}\n")
        launch(clone / "bin" / "setup", "nothing", cwd=trap, PYTHONPATH=":")
    finally:
        mark.write_bytes(lock)
    assert not (trap.parent / "ran").exists()


@pytest.mark.parametrize("name", ["with spaces", "сайлау ғылымы", "a:b", "$HOME;`x`", "-dash"])
def test_a_clone_works_wherever_it_lies(tmp_path: Path, name: str) -> None:
    clone = with_environment(scratch(tmp_path / name))
    result = launch(clone / "bin" / "sailau", "count", "mazhilis-2023", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("relative", [False, True])
def test_links_to_the_launcher_are_followed(clone: Path, tmp_path: Path, relative: bool) -> None:
    first, second = tmp_path / "first", tmp_path / "bin" / "second"
    second.parent.mkdir()
    target = clone / "bin" / "sailau"
    first.symlink_to(os.path.relpath(target, tmp_path) if relative else target)
    second.symlink_to("../first" if relative else first)
    result = launch(second, "--version", cwd=tmp_path, CDPATH=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("sailau ")


def test_a_clone_that_is_set_up_is_not_written_to(tmp_path: Path) -> None:
    clone = with_environment(scratch(tmp_path / "clone"))
    before = sorted(path.name for path in clone.iterdir())
    assert launch(clone / "bin" / "sailau", "--version", cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in clone.iterdir()) == before
