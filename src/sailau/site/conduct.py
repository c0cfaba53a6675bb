"""The conduct of elections in sentences: conditions, deadlines, money, commissions, complaints, powers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailau.rulebook import conduct as c
from sailau.rulebook.facts import FACTS
from sailau.rulebook.powers import Power, Vote
from sailau.site.phrases import Phrases, sentences


def tell_condition(p: Phrases, rule: c.Condition, _: Mapping[str, str]) -> str:
    """Return what is behind a condition: the paper that proves it, what can be done, its settings."""
    fact = FACTS.get(getattr(rule.test, "fact", ""))
    document = p.text(rule.document) or p.text(fact.document if fact else None)
    quota = ""
    if isinstance(rule.test, c.ShareAtLeast) and "youth" in rule.test.groups:
        quota = p.say(
            "conduct.youth-under",
            age=rule.test.youth_under,
            rounding=p.say(f"count.rounding-{rule.test.rounding}"),
            persons=p.say(f"count.persons-{rule.test.persons}"),
        )
    return sentences(
        quota,
        p.say("conduct.document", document=document) if document else "",
        p.say("conduct.presumed") if rule.presumed else "",
        p.say("conduct.note-only") if rule.consequence == "note" else "",
        p.say("conduct.cure", cure=p.text(rule.cure)) if rule.cure else "",
    )


def tell_deadline(p: Phrases, rule: c.Deadline, titles: Mapping[str, str]) -> str:
    """Return when a period opens and ends, in words of the law."""
    parts = []
    if rule.opens is not None:
        parts.append(p.say("conduct.opens", moment=tell_moment(p, rule.opens, titles)))
    if rule.closes is not None:
        code = "closes" if rule.opens is not None else "latest"
        parts.append(p.say(f"conduct.{code}", moment=tell_moment(p, rule.closes, titles)))
    text = "; ".join(parts) + "." if parts else p.say("conduct.set-by-authority")
    interim = p.say("conduct.interim") if rule.interim and parts else ""
    kinds = ", ".join(p.say(f"conduct.kind-{kind}") for kind in rule.kinds)
    usual = set(rule.kinds) == {"regular", "early", "repeat"}
    return sentences(text, interim, "" if usual else p.say("conduct.kinds", kinds=kinds))


def tell_moment(p: Phrases, moment: c.Moment, titles: Mapping[str, str]) -> str:
    """Return a day counted from an event."""
    if moment.sunday is not None and moment.month is not None:
        text = p.say("conduct.nth-sunday", n=moment.sunday, month=p.months([moment.month]))
    elif moment.months:
        text = _counted(p, moment, "months", abs(moment.months), moment.months < 0, titles)
    elif moment.working_days:
        text = _counted(p, moment, "working-days", moment.working_days, False, titles)
    elif moment.days:
        code = "full-days" if moment.full and moment.days < 0 else "days"
        text = _counted(p, moment, code, abs(moment.days), moment.days < 0, titles)
    else:
        text = p.say("conduct.on", event=_event(p, moment.of, "on", titles))
    return p.say("conduct.at-hour", moment=text, hour=moment.hour) if moment.hour else text


def _counted(p: Phrases, moment: c.Moment, unit: str, number: int, before: bool, titles: Mapping[str, str]) -> str:
    side = "before" if before else "after"
    return p.say(f"conduct.days-{side}", n=p.counted(number, unit), event=_event(p, moment.of, side, titles))


def _event(p: Phrases, name: str, form: str, titles: Mapping[str, str]) -> str:
    if p.known(f"event.{name}.{form}") is not None:
        return p.say(f"event.{name}.{form}")
    return p.say(f"event.other.{form}", title=titles.get(name, name))


def tell_deposit(p: Phrases, rule: c.Deposit, _: Mapping[str, str]) -> str:
    """Return a deposit: multiple, relief, refund."""
    relief = [p.say("conduct.deposit-relief", last=p.share(r.last), pay=p.share(r.pay)) for r in rule.relief]
    back = p.say(
        "conduct.deposit-refund",
        share=p.share(rule.refund.share),
        elected=p.say("conduct.refund-elected") if rule.refund.elected else "",
        death=p.say("conduct.refund-death") if rule.refund.death else "",
    )
    said = str(rule.multiple) in p.text(rule.title)
    sum_ = "" if said else p.say(f"conduct.deposit-{rule.per}", wages=p.counted(rule.multiple, "wages"))
    return sentences(sum_, *relief, back)


def tell_fund(p: Phrases, rule: c.Fund, _: Mapping[str, str]) -> str:
    """Return the ceilings of a fund."""
    donors = ""
    if rule.person is not None and rule.entity is not None:
        donors = p.say("conduct.fund-donors", person=p.number(rule.person), entity=p.number(rule.entity))
    factor = p.say("conduct.fund-run-off", factor=rule.run_off_factor) if rule.run_off_factor != 1 else ""
    own = p.say("conduct.fund", own=p.number(rule.own), donations=p.number(rule.donations))
    helped = p.say("conduct.fund-nominator", nominator=p.number(rule.nominator)) if rule.nominator is not None else ""
    return sentences(own, helped, donors, factor)


def tell_wage(p: Phrases, rule: c.Wage, _: Mapping[str, str]) -> str:
    """Return the minimum wage of a year."""
    return p.say("conduct.wage", amount=p.number(rule.amount), currency=rule.currency)


def tell_commission(p: Phrases, rule: c.Commission, _: Mapping[str, str]) -> str:
    """Return size, term and makers of a commission."""
    sizes = []
    for place, band in enumerate(rule.size):
        if len(rule.size) > 1:
            last = place == len(rule.size) - 1
            above = (
                p.say("conduct.size-above") if last else p.say("conduct.size-up-to", voters=p.number(band.voters or 0))
            )
            sizes.append(above)
        code = "size" if band.least == band.most else "size-range"
        sizes.append(p.say(f"conduct.{code}", least=band.least, most=band.most))
    odd = p.say("conduct.size-odd") if rule.odd else ""
    term = p.say("conduct.term", years=rule.term_years) if rule.term_years else ""
    made = p.text(rule.formed_by)
    return sentences(*sizes, odd, term, f"{made}." if made else "")


def tell_complaint(p: Phrases, rule: c.Complaint, _: Mapping[str, str]) -> str:
    """Return to whom and until when one complains."""
    any_time = p.say("conduct.complaint-any-time")
    file = any_time if rule.file_days is None else p.say("conduct.complaint-file", days=rule.file_days)
    decide = ""
    if rule.decide_days is not None:
        days = rule.decide_days
        decide = p.say("conduct.complaint-decide", days=days) if days else p.say("conduct.complaint-same-day")
    urgent = p.say("conduct.complaint-urgent", days=rule.urgent_days) if rule.urgent_days else ""
    final = p.say("conduct.complaint-final") if rule.final else ""
    return sentences(p.say("conduct.complaint-to", to=p.text(rule.to)), file, decide, urgent, final)


def tell_ballot(p: Phrases, rule: c.Ballot, _: Mapping[str, str]) -> str:
    """Return the order on a ballot paper and whether it is given abroad."""
    abroad = p.say("conduct.not-abroad")
    if rule.abroad:
        abroad = p.say("conduct.abroad", rule=p.text(rule.abroad_rule)) if rule.abroad_rule else ""
    order = p.text(rule.order)
    return sentences(f"{order}." if order else "", abroad)


def tell_rule(p: Phrases, rule: c.Rule, _: Mapping[str, str]) -> str:
    """Return what a rule adds to its title."""
    return p.text(rule.text)


def tell_held(p: Phrases, rule: c.Held, titles: Mapping[str, str]) -> str:
    """Return an election as it was called, with the days that the authority set."""
    parts = [p.say("conduct.held-day", day=p.day(rule.day, "on"))]
    if rule.called is not None:
        parts.append(p.say("conduct.held-called", day=p.day(rule.called, "on")))
    if rule.results is not None:
        parts.append(p.say("conduct.held-results", day=p.day(rule.results, "on")))
    dates = []
    for held in rule.dates:
        title = p.text(held.title) or titles.get(held.deadline, "")
        days = [d for d in (held.opens, held.closes) if d is not None]
        if title and days:
            dates.append(f"{title}: {' – '.join(p.day(d) for d in dict.fromkeys(days))} [{held.cite}]")
    return sentences("; ".join(parts) + ".", *(f"{text}." for text in dates))


def tell_power(p: Phrases, rule: Power, _: Mapping[str, str]) -> str:
    """Return who decides, with which majority, and what follows."""
    decides = p.say(f"conduct.by-{rule.by}", vote=_vote(p, rule.vote) if rule.vote else "")
    parts = [f"{decides.replace('  ', ' ').strip()}."]
    if rule.vote is not None:
        vote = rule.vote
        if vote.motion is not None:
            parts.append(p.say("conduct.motion", share=p.share(vote.motion)))
        if vote.motion_members is not None:
            parts.append(p.say("conduct.motion-members", number=vote.motion_members))
        if vote.quorum is not None:
            parts.append(p.say("conduct.quorum", share=p.share(vote.quorum)))
        if vote.with_:
            parts.append(p.say("conduct.partner"))
    then = p.text(rule.consequence)
    return sentences(*parts, p.say("conduct.negative") if rule.negative else "", f"{then}." if then else "")


def _vote(p: Phrases, vote: Vote) -> str:
    return p.say(f"conduct.vote-{vote.comparison}", share=p.share(vote.share), of=p.say(f"conduct.of-{vote.of}"))


TELLERS: dict[str, Any] = {
    "condition": tell_condition,
    "deadline": tell_deadline,
    "held": tell_held,
    "wage": tell_wage,
    "deposit": tell_deposit,
    "fund": tell_fund,
    "commission": tell_commission,
    "complaint": tell_complaint,
    "ballot": tell_ballot,
    "voting": tell_rule,
    "observer": tell_rule,
    "access": tell_rule,
    "administration": tell_rule,
    "power": tell_power,
}
"""Section of a rule book → what tells one of its things; `titles` name deadlines by id."""
