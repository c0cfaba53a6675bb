"""Lines of a protocol: items that begin with `@` and cannot win."""

COMMON_LINES = (
    "@registered",
    "@received",
    "@issued",
    "@cancelled",
    "@cast",
    "@invalid",
    "@blank",
    "@against_all",
    "@not_counted",
    "@others",
    "@valid",
)
"""Lines that every protocol may have; a form, or the contest itself, adds its own."""
