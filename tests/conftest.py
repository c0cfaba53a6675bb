"""Settings of all tests: bounded property tests that do not depend on the speed of a machine."""

import os
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_configure() -> None:
    if os.environ.get("SAILAU_BROWSER") and not BROWSER.exists():
        raise pytest.UsageError(f"{BROWSER} is missing, and CI leaves no test out")


def pytest_unconfigure(config: pytest.Config) -> None:
    if collect_ignore and not hasattr(config, "workerinput"):
        print(NO_BROWSER)
