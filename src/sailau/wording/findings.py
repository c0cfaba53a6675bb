"""Findings as sentences: what was noticed and changes no number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sailau.wording.language import Words, marked, text_in, words
from sailau.wording.names import figure_name, provision_name
from sailau.wording.seats import CONTESTS, contest_title
from sailau.wording.view import Line, option_name, unit_name

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.election import Election
    from sailau.rulebook import Finding, Law
    from sailau.rulebook.forms import Relation

_SHOWN = 3
"""Findings of one code that are told one by one."""

FINDINGS = {
    "valid-differs": marked("{where}: {found} valid votes; the sum of the parts is {expected}"),
    "cast-differs": marked("{where}: {found} ballots cast; valid and invalid ones together are {expected}"),
    "received-differs": marked("{where}: {found} ballots received; issued and cancelled ones together are {expected}"),
    "more-cast-than-issued": marked("{where}: {found} ballots cast, but only {expected} issued"),
    "more-issued-than-registered": marked("{where}: {found} ballots issued, but only {expected} voters registered"),
    "more-cast-than-registered": marked("{where}: {found} ballots cast, but only {expected} voters registered"),
    "many-invalid": marked("{where}: {found} invalid ballots of {expected}, worth a second look"),
    "high-turnout": marked("{where}: {found} of {expected} voters took part, worth a second look"),
    "turnout-jump": marked(
        "{where}: {found} voters took part; at the turnout of the election before they would be {expected}"
    ),
    "turnout-falls": marked("{where}: {found} voters took part, fewer than the {expected} that were told earlier"),
    "many-at-home": marked("{where}: {found} of {expected} ballots from outside the premises, worth a second look"),
    "many-against-all": marked("{where}: {found} of {expected} ballots against all, worth a second look"),
    "more-findings": marked("{where}: {found} more figures that do not add up, not told here one by one"),
    "not-checked": marked("{where}: {rule} was not checked, not known: {needs}; taken as met"),
    "cannot-be-verified": marked("{where}: {rule} cannot be verified, not known: {needs}"),
    "invalid": marked("{where}: too few voters took part, the vote is not valid"),
    "contest-not-in-law": marked("{where}: no ballot paper of {law}, its votes were not counted"),
    "declared-not-used": marked("{where}: declared seats were not used, because the votes were counted"),
    "contest-missing": marked("{where}: neither votes nor declared winners are known"),
    "protocols-missing": marked("{where}: {missing} of {stations} protocols are not in; the votes in them are unknown"),
    "districts-missing": marked("{where}: no votes known in {missing} of {districts} districts"),
    "declared-differs": marked("{where}: seats declared: {found}; the law gives {expected}"),
    "seats-above-limit": marked("{where}: {found} seats in the case; the law allows {expected} at most"),
    "seats-decreed": marked("{where}: {found} seats as decreed and followed; the rule of the law gives {expected}"),
    "seats-differ": marked("{where}: seats in the case: {found}; the law gives {expected}"),
    "seats-vacant": marked("{where}: seats that nobody can take stay vacant: {seats}"),
    "second-round-not-used": marked("{where}: votes of a second round were not used: the law asks for none here"),
    "second-round-replaced": marked(
        "{where}: in the second round stood somebody who was not a leader of the first: {options}"
    ),
}
"""Code → sentence; `{where}` is the contest and the unit."""
BROKEN = {
    "=": marked("{where}: {found} against {expected}; it should be that {meaning}"),
    "<=": marked("{where}: {found}, more than {expected}; it should be that {meaning}"),
    "same": marked("{where}: {found}, but {expected} in the vote {other}; it should be that {meaning}"),
}
"""Sign of a relation that only a law's own form has → sentence."""


def say_finding(
    finding: Finding, language: str = "en", election: Election | None = None, law: Law | None = None
) -> str:
    """Return a finding as a sentence.

    Args:
        finding: of any room; a code without a sentence is shown with its values.
        language: `en`, `kk` or `ru`.
        election: for the names of units and options; ids stand where it is not given.
        law: for the names of ballot papers, likewise.
    """
    said = words(language)
    where = _where(finding, said, election, law)
    message = FINDINGS.get(finding.code)
    relation = relation_of(law, finding) if message is None else None
    if relation is not None:
        meaning = text_in(relation.meaning or {}, language, finding.code)
        numbers = {key: _plain(said, value, election) for key, value in finding.values.items()}
        if "other" in numbers and law is not None:
            numbers["other"] = said.quote(contest_title(law, numbers["other"], said))
        return said.say(BROKEN[relation.is_], where=where, meaning=meaning, **numbers)
    if message is None:
        values = ", ".join(f"{key} {value}" for key, value in finding.values.items())
        return f"{where}: {finding.code}" + (f" ({values})" if values else "")
    shown = {key: _SHOW.get(key, _plain)(said, value, election) for key, value in finding.values.items()}
    text = said.say(message, **{"where": where, "rule": "", "needs": "", **shown})
    return text + _more(finding, said)


def relation_of(law: Law | None, finding: Finding) -> Relation | None:
    """Return the relation of the law's form that a finding names, None where it is of no form."""
    if law is None:
        return None
    from sailau.rulebook.forms import form_of

    form = form_of(law, finding.contest)
    return next((r for r in form.relation if r.id == finding.code), None) if form is not None else None


def _more(finding: Finding, said: Words) -> str:
    values = finding.values
    if finding.code != "cannot-be-verified":
        return ""
    if "used" in values:
        return "; " + said.say("taken in its place: {used}", used=figure_name(f"@{values['used']}", said))
    if "regions" in values:
        return "; " + said.say(
            "won in {yes} regions, open in {unknown} of {regions}",
            yes=said.number(values["yes"]),
            unknown=said.number(values["unknown"]),
            regions=said.number(values["regions"]),
        )
    return ""


def _where(finding: Finding, said: Words, election: Election | None, law: Law | None) -> str:
    if law is not None and law.contest_of(finding.contest) is not None:
        contest = contest_title(law, finding.contest, said)
    else:
        contest = said.say(CONTESTS[finding.contest]) if finding.contest in CONTESTS else finding.contest
    if not finding.unit:
        return contest
    unit = unit_name(election, finding.unit, said) if election is not None else finding.unit
    return f"{contest}, {unit}" if contest else unit


def _plain(said: Words, value: Any, _: Election | None) -> str:
    return said.number(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _options(said: Words, value: Any, election: Election | None) -> str:
    return ", ".join(option_name(election, o, said) if election is not None else o for o in value)


_SHOW: Mapping[str, Callable[[Words, Any, Election | None], str]] = {
    "needs": lambda said, value, _: ", ".join(figure_name(v, said) for v in str(value).split(", ")),
    "used": lambda said, value, _: figure_name(f"@{value}", said),
    "rule": lambda said, value, _: provision_name(str(value), said),
    "options": _options,
}


def finding_lines(outcome: Outcome, language: str) -> list[Line]:
    """Return the findings of an outcome as lines, many of one kind cut short."""
    said = words(language)
    by_code: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_code.setdefault(finding.code, []).append(finding)
    lines = []
    for held in by_code.values():
        lines += [
            Line(say_finding(f, language, outcome.election, outcome.law), f.cite, f.confidence) for f in held[:_SHOWN]
        ]
        if len(held) > _SHOWN:
            lines.append(
                Line(said.plural("… and {n} more of this kind", "… and {n} more of this kind", len(held) - _SHOWN))
            )
    return lines
