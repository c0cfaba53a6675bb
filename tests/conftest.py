"""Settings of all tests: bounded property tests that do not depend on the speed of a machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "sailau", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("sailau")
