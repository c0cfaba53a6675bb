"""Settings of all tests: bounded property tests that do not depend on the speed of a machine."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from integrity import programs

settings.register_profile(
    "sailau",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    # The same examples in every run of CI: new ones are looked for by developers and in the campaigns.
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("sailau")

# Where the tests are started in the background, interrupts are ignored by them and by every command they start: heed them.
for _number, _handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(_number, _handler)

# Tests of pages need a browser. Where there is none they are left out, and the last line says so; CI asks for them.
BROWSER = Path("/usr/bin/chromium")
NO_BROWSER = "tests/browser left out: no Chromium (apt-get install chromium)"
collect_ignore = [] if BROWSER.exists() else ["browser"]

# Programs by others are installed once, in an environment of their own, where tests of integrity are asked for.
_ASKED = [word for word in sys.argv[1:] if not word.startswith("-") and "test" in word]
_WITH_PROGRAMS = os.environ.get("SAILAU_PROGRAMS")
if not programs.are_there() and (_WITH_PROGRAMS or not _ASKED or any("integrity" in word for word in _ASKED)):
    programs.make()
if not programs.are_there():
    collect_ignore.append("integrity/test_independent.py")


def pytest_configure() -> None:
    if os.environ.get("SAILAU_BROWSER") and not BROWSER.exists():
        raise pytest.UsageError(f"{BROWSER} is missing, and CI leaves no test out")
    if _WITH_PROGRAMS and not programs.are_there():
        raise pytest.UsageError(f"{programs.LEFT_OUT}, and CI leaves no test out")


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if not BROWSER.exists():
        print(NO_BROWSER)
    if not programs.are_there():
        print(programs.LEFT_OUT)
