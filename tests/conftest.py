"""Settings of all tests: bounded property tests that do not depend on the speed of a machine."""

import os
import signal
import threading

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
