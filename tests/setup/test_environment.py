"""The first set-up of a clone: interrupted, incomplete, several at once, refused – it says what to do, and works after it."""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from setup.clones import FakeClone


@pytest.fixture
def clone(tmp_path: Path) -> FakeClone:
    return FakeClone(tmp_path)


def wait_for(clone: FakeClone, event: str) -> None:
    end = time.monotonic() + 20
    while event not in clone.events():
        assert time.monotonic() < end, f"{event} never came: {clone.events()}"
        time.sleep(0.005)


def test_a_first_set_up_makes_the_environment_and_a_second_does_nothing(clone: FakeClone) -> None:
    assert clone.set_up()[0] == 0
    assert clone.is_whole()
    before = clone.events()
    assert clone.set_up() == (0, "")
    assert clone.events() == before == ["venv begins", "venv ends", "pip begins", "pip ends"]


@pytest.mark.parametrize("name", ["with spaces", "сайлау ғылымы", "a:b", "$HOME;`x`", "-dash"])
def test_a_first_set_up_works_wherever_the_clone_lies(tmp_path: Path, name: str) -> None:
    clone = FakeClone(tmp_path, name)
    assert clone.set_up()[0] == 0
    assert clone.is_whole()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("moment", ["venv begins", "venv ends", "pip begins"])
@pytest.mark.parametrize("whom", ["all", "the first only"])
def test_an_interrupted_set_up_is_mended_by_the_next(
    clone: FakeClone, number: signal.Signals, moment: str, whom: str
) -> None:
    process = clone.start(FAKE_PAUSE="0.3")
    wait_for(clone, moment)
    if whom == "all":
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    assert process.wait(timeout=20) != 0
    assert process.stderr is not None
    process.stderr.close()
    code, said = clone.set_up()
    assert (code, "Traceback" in said) == (0, False)
    assert clone.is_whole()


def test_four_first_runs_at_once_build_once(clone: FakeClone) -> None:
    processes = [clone.start(FAKE_PAUSE="0.1") for _ in range(4)]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], said
    assert clone.events() == ["venv begins", "venv ends", "pip begins", "pip ends"]
    assert clone.is_whole()


def test_an_orphan_of_pip_is_not_built_over(clone: FakeClone) -> None:
    process = clone.start(FAKE_PAUSE="0.3")
    wait_for(clone, "pip begins")
    process.kill()
    process.communicate()
    assert clone.set_up()[0] == 0
    # The orphan had ended before anything new began.
    assert clone.events()[2:5] == ["pip begins", "pip ends", "venv begins"]
    assert clone.is_whole()


def test_without_ensurepip_it_says_what_to_install_and_works_after_that(clone: FakeClone) -> None:
    code, said = clone.set_up(FAKE_ENSUREPIP="missing")
    assert code == 2
    assert "apt install python3-venv" in said
    assert not (clone.root / ".venv").exists()
    assert clone.set_up()[0] == 0
    assert clone.is_whole()


def test_a_full_disk_is_said_and_the_next_run_works(clone: FakeClone) -> None:
    code, said = clone.set_up(FAKE_DISK="full")
    assert code == 2
    assert "No space left" in said
    assert "then run the same command again" in said
    assert "Traceback" not in said
    assert clone.set_up()[0] == 0
    assert clone.is_whole()


def test_an_environment_that_an_interrupted_venv_left_without_pip_is_made_anew(clone: FakeClone) -> None:
    place = clone.root / ".venv" / "bin"
    place.mkdir(parents=True)
    clone.fake(place / "python")
    assert clone.set_up()[0] == 0
    assert clone.is_whole()
    assert clone.events()[0] == "venv begins"


def test_an_environment_whose_python_has_gone_is_made_anew(clone: FakeClone) -> None:
    assert clone.set_up()[0] == 0
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert clone.set_up()[0] == 0
    assert clone.is_whole()


def test_a_good_environment_elsewhere_is_kept_and_used(clone: FakeClone, tmp_path: Path) -> None:
    good = tmp_path / "elsewhere"
    (good / "bin").mkdir(parents=True)
    (good / "pip").touch()
    (good / "mine").write_text("kept")
    clone.fake(good / "bin" / "python")
    (clone.root / ".venv").symlink_to(good)
    assert clone.set_up()[0] == 0
    assert (clone.root / ".venv").is_symlink()
    assert (good / "mine").read_text() == "kept"
    assert clone.events() == ["pip begins", "pip ends"]


def test_a_link_to_a_broken_environment_is_left_to_its_owner(clone: FakeClone, tmp_path: Path) -> None:
    broken = tmp_path / "elsewhere"
    broken.mkdir()
    (broken / "mine").write_text("kept")
    (clone.root / ".venv").symlink_to(broken)
    code, said = clone.set_up()
    assert code == 2
    assert "rm .venv" in said
    assert (broken / "mine").exists()
    (clone.root / ".venv").unlink()
    assert clone.set_up()[0] == 0


def test_a_folder_that_is_no_environment_is_not_deleted(clone: FakeClone) -> None:
    (clone.root / ".venv").mkdir()
    (clone.root / ".venv" / "thesis.txt").write_text("years of work")
    code, said = clone.set_up()
    assert code == 2
    assert "move it away" in said
    assert (clone.root / ".venv" / "thesis.txt").exists()


def test_a_lock_file_that_changed_is_installed(clone: FakeClone) -> None:
    assert clone.set_up()[0] == 0
    lock = clone.root / "requirements" / "run.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "# newer\n", encoding="utf-8")
    assert clone.set_up()[0] == 0
    assert clone.is_whole()
    assert clone.events()[4:] == ["pip begins", "pip ends"]


def test_a_clone_that_may_not_be_written_is_a_matter_of_permissions() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        clone = FakeClone(place)
        clone.root.chmod(0o555)
        nobody = pwd.getpwnam("nobody")
        # Root may write anywhere; everybody else is as good as nobody.
        other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        environment = os.environ | {"PATH": f"{clone.tools}:{os.environ['PATH']}"}
        command = [clone.root / "bin" / "setup", "run"]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **other)  # type: ignore[call-overload]
        clone.root.chmod(0o755)
    assert result.returncode == 2
    assert "cannot be written (Permission denied)" in result.stderr
    assert "apt install" not in result.stderr


def test_a_level_that_does_not_exist_is_said(clone: FakeClone) -> None:
    command = [clone.root / "bin" / "setup", "everything"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "knows no everything; one of" in result.stderr


def test_an_old_python_is_refused_in_words(clone: FakeClone) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        (clone.tools / name).write_text("#!/bin/sh\nexit 1\n")
        (clone.tools / name).chmod(0o755)
    code, said = clone.set_up()
    assert code == 2
    assert "Python 3.11 or later" in said
