"""Seats become persons: who takes the mandates that the count gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sailau.counting import Outcome
from sailau.counting.results import Elected
from sailau.election.model import INDEPENDENT, WHOLE, Candidate
from sailau.mandates import quota
from sailau.mandates.deposits import refunds
from sailau.mandates.model import Basis, Mandates, Office, Place, QuotaCheck, Seat
from sailau.mandates.orders import Ordered, Orders, given_orders, ordered, passed_over, people_of, read_orders
from sailau.nomination.checks import Field, check
from sailau.nomination.subjects import Subject, persons
from sailau.rulebook import BadInput, Fault, Finding
from sailau.rulebook.conduct import Condition
from sailau.rulebook.mandates import MandateRules as Rule


def assign(
    outcome: Outcome,
    order: str | Path | None = None,
    chosen: Mapping[str | tuple[str, str, str], Sequence[str]] | None = None,
    votes: Mapping[str, int] | None = None,
) -> Mandates:
    """Give the seats of an outcome to persons.

    Where the law leaves the order to the party, its decision is a file or an argument; without one the law's own order
    for a silent party holds, and nothing where it names none. Where the law binds the list's order or voters choose
    among its persons, that is applied; preference votes that are not known leave the order provisional.

    Args:
        outcome: what the count gave.
        order: `mandates.csv` (contest, unit, party, candidate, position, and votes where voters choose persons).
        chosen: the same decisions by argument: a party's id, or (contest, unit, party), → persons in order. They go
            before those of the file.
        votes: person → preference votes; they go before those of the file.

    Returns:
        Every seat, the quotas checked, proposals where the party has not spoken, deposits, and what is open.

    Raises:
        BadInput: a decision that names nobody on the list, or facts of persons that are badly written.
    """
    orders = read_orders(order, outcome.election) if order is not None else Orders()
    given = given_orders(chosen or {}, outcome.election)
    unknown = [person for person in votes or {} if person not in outcome.election.candidates]
    if unknown:
        raise BadInput([Fault("votes", 0, "", f"“{person}”", "a candidate of the case") for person in unknown])
    orders = Orders({**orders.decided, **given.decided}, {**orders.votes, **(votes or {})})
    return _Assigning(outcome, orders).mandates()


def rule_of(outcome: Outcome, contest: str) -> Rule | None:
    """Return how the seats of a ballot paper become persons; None where the book does not say."""
    held = outcome.law.contest_of(contest)
    tiers = outcome.law.tiers_of(held.id) if held is not None else []
    return next((tier.mandates for tier in tiers if tier.mandates is not None), None)


def subjects(outcome: Outcome) -> dict[str, Subject]:
    """Return everybody who stands, with their facts.

    Raises:
        BadInput: facts that are badly written, all at once.
    """
    faults: list[Fault] = []
    people = {person.id: person for person in persons(outcome.election, faults)}
    if faults:
        raise BadInput(faults)
    return people


class _Assigning:
    """Goes through the ballot papers, those whose winners others must pass over first."""

    def __init__(self, outcome: Outcome, orders: Orders) -> None:
        self.outcome, self.orders = outcome, orders
        self.election, self.law = outcome.election, outcome.law
        self.people = subjects(outcome)
        self.to_serve = conditions_to_serve(outcome)
        self.rules: dict[str, Rule | None] = {name: rule_of(outcome, name) for name in outcome.contests}
        self.findings: list[Finding] = []
        self.reserve: dict[Place, tuple[str, ...]] = {}
        self.quotas: list[QuotaCheck] = []
        self.given: dict[str, list[Seat]] = {}

    def mandates(self) -> Mandates:
        won: dict[str, list[Elected]] = {name: [] for name in self.outcome.contests}
        for elected in self.outcome.elected:
            won[elected.contest].append(elected)
        for name in sorted(won, key=lambda n: bool(self.rules[n] and self.rules[n].skip)):  # type: ignore[union-attr]
            self.given[name] = self._contest(name, won[name])
        seats = tuple(self._with_office(seat) for name in won for seat in self.given[name])
        self._decisions_used()
        for asked in self.outcome.undetermined:
            values = {"seats": asked.seats or 1}
            self.findings.append(Finding("seats-undetermined", asked.contest, asked.unit, values, asked.cite))
        return Mandates(
            self.outcome,
            seats,
            self.reserve,
            tuple(self.quotas),
            refunds(self.outcome),
            tuple(self.findings),
            self.rules,
        )

    def _note(self, code: str, contest: str, unit: str = "", rule: Rule | None = None, **values: object) -> None:
        cite, confidence = (rule.cite, rule.confidence) if rule else ("", "statute")
        self.findings.append(Finding(code, contest, unit, values, cite, confidence))

    def _decisions_used(self) -> None:
        """Say where a party decided on seats it did not win, or that the law does not leave to it."""
        for place in self.orders.decided:
            rule = self.rules.get(place.contest)
            if rule is None or rule.order != "party":
                self._note("decision-not-asked", place.contest, place.unit, rule, party=place.party)
            elif not any(seat.place == place for seat in self.given.get(place.contest, ())):
                self._note("decision-without-seats", place.contest, place.unit, rule, party=place.party)

    # ------------------------------------------------------------------ one ballot paper

    def _contest(self, name: str, won: Sequence[Elected]) -> list[Seat]:
        held = self.law.contest_of(name)
        rule = self.rules[name]
        if held is None or held.ballot != "list":
            return [self._direct(seat, rule) for seat in won]
        lists: dict[Place, int] = {}
        seats: list[Seat] = []
        for seat in won:
            if seat.candidate is not None or seat.party == INDEPENDENT:
                seats.append(self._direct(seat, rule))
            else:
                place = Place(name, seat.unit, seat.party)
                lists[place] = lists.get(place, 0) + 1
        if lists and rule is None:
            self._note("order-not-in-book", name)
        unnamed = [place for place in lists if not people_of(self.election, place)]
        if unnamed:
            self._note("names-unknown", name, "", rule, lists=len(unnamed), of=len(lists))
        for place, number in lists.items():
            seats += self._list(place, number, rule, place in unnamed)
        return seats

    def _direct(self, won: Elected, rule: Rule | None) -> Seat:
        """Return a seat won by a person, or by a party whose only candidate in the district is known."""
        candidate = self.election.candidates.get(won.candidate or "")
        if candidate is None and won.unit != WHOLE:
            stood = people_of(self.election, Place(won.contest, won.unit, won.party))
            candidate = stood[0] if len(stood) == 1 else None
        cite, confidence = (rule.cite, rule.confidence) if rule else ("", "statute")
        if candidate is None:
            return Seat(won.contest, won.unit, won.party, basis="open", cite=cite, confidence=confidence)
        return Seat(won.contest, won.unit, won.party, candidate.id, candidate.name, None, "elected", cite, confidence)

    # ------------------------------------------------------------------ one list

    def _list(self, place: Place, number: int, rule: Rule | None, unnamed: bool) -> list[Seat]:
        if unnamed:
            return [self._seat(place, None, "open", rule)] * number
        people = people_of(self.election, place)
        if rule is not None and rule.skip:
            winners = [
                self.election.candidates[seat.candidate]
                for contest in rule.skip
                for seat in self.given.get(contest, ())
                if seat.candidate is not None
            ]
            people, over = passed_over(people, winners)
            for person in over:
                self._note("passed-over", place.contest, place.unit, rule, party=place.party, person=person.id)
        able = {person.id for person in people}
        for name in self.orders.decided.get(place, ()):
            if name not in able:
                self._note("named-cannot-take", place.contest, place.unit, rule, party=place.party, person=name)
        found = ordered(rule, people, place, self.orders, self._list_votes(place))
        self._tell_order(place, number, rule, found)
        taking = min(number, len(found.people))
        if found.open_after is not None:
            taking = min(taking, found.open_after)
        seats = [self._seat(place, found.people[i], found.basis[i], rule) for i in range(taking)]
        left = "vacant" if len(found.people) < number and taking == len(found.people) else "open"
        seats += [self._seat(place, None, left, rule)] * (number - taking)  # type: ignore[arg-type]
        if left == "vacant":
            self._note("names-run-out", place.contest, place.unit, rule, party=place.party, seats=number - taking)
        self.reserve[place] = tuple(person.id for person in found.people[taking:])
        self._check(place, number, rule, found, taking)
        return seats

    def _seat(self, place: Place, person: Candidate | None, basis: Basis, rule: Rule | None) -> Seat:
        cite, confidence = (rule.cite, rule.confidence) if rule else ("", "statute")
        if person is None:
            return Seat(*place, basis=basis, cite=cite, confidence=confidence)
        return Seat(*place, person.id, person.name, person.position, basis, cite, confidence)

    def _list_votes(self, place: Place) -> int | None:
        district = self.outcome.contests[place.contest].districts.get(place.unit)
        return district.votes.get(place.party) if district is not None else None

    def _tell_order(self, place: Place, number: int, rule: Rule | None, found: Ordered) -> None:
        if rule is None:
            return
        if rule.order == "preferences" and "provisional" in found.basis:
            self._note("preferences-unknown", place.contest, place.unit, rule, party=place.party)
        if rule.order != "party" or found.named >= min(number, len(found.people)):
            return
        code = "party-partly-silent" if found.named else "party-silent"
        if found.open_after is not None:
            code = "party-must-decide"
        values = {"party": place.party, "named": found.named, "seats": number, "days": rule.days or "–"}
        self._note(code, place.contest, place.unit, rule, **values)

    # ------------------------------------------------------------------ quota, offices

    def _check(self, place: Place, number: int, rule: Rule | None, found: Ordered, taking: int) -> None:
        if rule is None or rule.quota is None:
            return
        everybody = [self.people[person.id] for person in found.people]
        held = quota.check(rule, place, everybody[:taking], everybody, number, self.law.day)
        if held is None:
            return
        if held.verdict != "met" and held.verdict != "impossible" and found.named == 0 and taking == number:
            proposal = quota.propose(rule.quota, everybody, number, held.needed, self.law.day)
            held = replace(held, proposal=proposal)
        self.quotas.append(held)
        if held.verdict != "met":
            values: dict[str, object] = {
                "party": place.party,
                "count": held.low,
                "needed": held.needed,
                "seats": number,
            }
            if held.verdict == "undecided":
                values["needs"] = held.missing
            self._note(f"quota-is-{held.verdict}", place.contest, place.unit, rule, **values)

    def _with_office(self, seat: Seat) -> Seat:
        if seat.candidate is None:
            return seat
        office, condition = incompatible(self.outcome, self.people[seat.candidate], self.to_serve)
        if condition is None:
            return seat
        if office == "must-give-up":
            values = {"person": seat.candidate, "rule": condition.id}
            finding = Finding(
                "office-in-the-way", seat.contest, seat.unit, values, condition.cite, condition.confidence
            )
            self.findings.append(finding)
        return replace(seat, office=office)


def conditions_to_serve(outcome: Outcome) -> list[Condition]:
    """Return what the book asks of persons who are elected."""
    found: list[Condition] = [c for c in outcome.law.section("condition") if c.to == "serve" and c.of == "person"]
    return [condition for condition in found if condition.concerns(outcome.law.id)]


def incompatible(outcome: Outcome, person: Subject, conditions: Sequence[Condition]) -> tuple[Office, Condition | None]:
    """Say whether an office stands in the way of a mandate, by the book's conditions to serve.

    Returns:
        The state and the condition that gave it; empty and None where no fact says that there is one.
    """
    around = Field(outcome.law, outcome.law.day)
    state: tuple[Office, Condition | None] = ("", None)
    for condition in conditions:
        if not condition.concerns(outcome.law.id, person.contest or None):
            continue
        if not all(check(guard, person, around).holds for guard in condition.when):
            continue
        if not check(condition.test, person, around).holds:
            return "must-give-up", condition
        state = "given-up", condition
    return state
