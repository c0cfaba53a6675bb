"""Settings of all tests: bounded property tests that do not depend on the speed of a machine."""

import os

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
