"""After the count: seats become persons, quotas are checked, vacancies filled, deposits returned.

Nothing here changes a seat: who won how many is the count's; who takes them is the party's, the law's or the voters'.
"""

from sailau.mandates.chamber import Composition, Membership, chambers, composition, elected_in, memberships
from sailau.mandates.deposits import refunds
from sailau.mandates.distribution import assign
from sailau.mandates.model import DepositRefund, Mandates, Place, Proposal, QuotaCheck, Seat
from sailau.mandates.vacancy import Vacancy, vacate

__all__ = [
    "Composition",
    "DepositRefund",
    "Mandates",
    "Membership",
    "Place",
    "Proposal",
    "QuotaCheck",
    "Seat",
    "Vacancy",
    "assign",
    "chambers",
    "composition",
    "elected_in",
    "memberships",
    "refunds",
    "vacate",
]
