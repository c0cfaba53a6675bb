"""The package as others install it: the same bytes from the same files, with licence, notice and all data."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from setup.clones import ROOT

PARTS = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "src/sailau")


def build(place: Path) -> Path:
    """Build a wheel from a copy of the sources, without git."""
    for part in PARTS:
        (place / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, place / part)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    subprocess.run(command, cwd=place, check=True, capture_output=True)
    (wheel,) = (place / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(tmp_path_factory.mktemp("one")), build(tmp_path_factory.mktemp("two"))


def test_the_same_sources_give_the_same_bytes(wheels: tuple[Path, Path]) -> None:
    assert wheels[0].read_bytes() == wheels[1].read_bytes()


def test_the_wheel_holds_notice_and_all_data(wheels: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = set(wheel.namelist())
        metadata = Parser().parsestr(wheel.read("sailau-0.1.0.dist-info/METADATA").decode())
    assert {f"sailau-0.1.0.dist-info/licenses/{name}" for name in ("LICENSE", "NOTICE")} <= names
    here = {
        f"sailau/{path.relative_to(ROOT / 'src' / 'sailau').as_posix()}"
        for path in (ROOT / "src" / "sailau").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= names
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert "Programming Language :: Python :: 3.14" in metadata.get_all("Classifier", [])
