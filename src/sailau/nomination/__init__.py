"""Before the vote: who may stand, what a list must contain, when it is due, what it costs, whom to turn to.

Everything is read from the rule book as data; this room knows nothing of votes.
"""

from sailau.nomination.authorities import (
    access,
    administration,
    check_commissions,
    commissions,
    complaints,
    observers,
)
from sailau.nomination.calendar import CalendarEntry, calendar, calendar_of
from sailau.nomination.money import deposit_due, money, wage
from sailau.nomination.vetting import (
    ConditionFinding,
    PersonAnswer,
    Verdict,
    Vetting,
    asked_by,
    vet,
    vet_party,
    vet_person,
)
from sailau.nomination.voter import region_names, voter_page

__all__ = [
    "CalendarEntry",
    "ConditionFinding",
    "PersonAnswer",
    "Verdict",
    "Vetting",
    "access",
    "administration",
    "asked_by",
    "calendar",
    "calendar_of",
    "check_commissions",
    "commissions",
    "complaints",
    "deposit_due",
    "money",
    "observers",
    "region_names",
    "vet",
    "vet_party",
    "vet_person",
    "voter_page",
    "wage",
]
