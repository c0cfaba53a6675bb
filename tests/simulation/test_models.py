"""Models of uncertainty: what is drawn has the shares, the correlations and the turnout that the parameters say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sailau.counting import Plan, compile
from sailau.election import open_case
from sailau.rulebook import BadInput
from sailau.simulation import Poll, Polls, Swing, model_of, read_polls, simulate
from sailau.simulation.models import Model
from sailau.simulation.sampler import Drawn, Sampler, with_newcomers

SIZE = 8192


@pytest.fixture(scope="module")
def plan() -> Plan:
    case = open_case("mazhilis-2023")
    return compile(case.own_law(), case)


@pytest.fixture(scope="module")
def storting() -> Plan:
    case = open_case("storting-2021")
    return compile(case.own_law(), case)


def drawn(plan: Plan, model: Model, size: int = SIZE) -> Drawn:
    return Sampler([plan], model).block(1, 0, size)["list"]


def shares(sheet: Drawn) -> NDArray[np.float64]:
    """(items, elections) shares of the whole, against all the last."""
    votes = np.concatenate([sheet.votes.sum(axis=1), sheet.lines["@against_all"].sum(axis=0)[None]])
    return np.asarray(votes / votes.sum(axis=0))


def past(plan: Plan) -> NDArray[np.float64]:
    paper = plan.papers["list"]
    votes = np.array([*paper.votes[:, 0], paper.figures[paper.lines.index("@against_all"), 0]], float)
    return votes / votes.sum()


def test_proportional_swing_has_the_spread_it_says(plan: Plan) -> None:
    found = shares(drawn(plan, Swing(national=0.1)))
    ratio = np.log(found / past(plan)[:, None])
    apart = ratio - ratio.mean(axis=0)
    assert abs(apart.std() - 0.1 * np.sqrt(7 / 8)) < 0.002
    assert np.abs(ratio.mean(axis=1)).max() < 0.01


def test_uniform_swing_moves_points_and_leaves_no_share_below_zero(plan: Plan) -> None:
    found = shares(drawn(plan, Swing(kind="uniform", national=0.01)))
    points = found - past(plan)[:, None]
    assert np.abs(points.std(axis=1) - 0.01 * np.sqrt(7 / 8)).max() < 0.001
    wild = drawn(plan, Swing(kind="uniform", national=0.2))
    assert wild.votes.min() == 0


def test_without_turnout_ballots_stay_and_with_it_they_move(plan: Plan) -> None:
    whole = int(plan.papers["list"].votes.sum() + plan.papers["list"].figures[0].sum())
    still = drawn(plan, Swing())
    total = still.votes.sum(axis=(0, 1)) + still.lines["@against_all"][0]
    assert np.abs(total - whole).max() <= 4
    moving = drawn(plan, Swing(turnout=0.05))
    grown = np.log((moving.votes.sum(axis=(0, 1)) + moving.lines["@against_all"][0]) / whole)
    assert abs(grown.std() - 0.05) < 0.002


def test_turnout_never_passes_the_voters_registered() -> None:
    case = open_case("referendum-2024")
    plan = compile(case.own_law(), case)
    sheet = Sampler([plan], Swing(turnout=1.0)).block(1, 0, 2000)["question"]
    registered = int(sheet.lines["@registered"][0, 0])
    assert (sheet.lines["@registered"] == registered).all()
    assert sheet.lines["@cast"].max() <= registered + 3
    assert sheet.lines["@cast"].min() < registered // 4
    assert (sheet.lines["@cast"] >= sheet.votes.sum(axis=0)).all()


def test_swings_of_districts_in_a_region_hang_together(storting: Plan) -> None:
    sheet = drawn(storting, Swing(national=0.1, regional=0.0, district=0.1), 2000)
    votes = sheet.votes[:2].astype(float)
    share = np.log(votes / sheet.votes.sum(axis=0))
    together = np.corrcoef(share[0])
    pairs = together[np.triu_indices(len(together), 1)]
    # national² / (national² + district²) = one half, less what the other parties take away.
    assert 0.35 < float(pairs.mean()) < 0.65
    alone = np.corrcoef(np.log(drawn(storting, Swing(national=0.0, district=0.1), 2000).votes[0].astype(float)))
    assert abs(float(alone[np.triu_indices(len(alone), 1)].mean())) < 0.05


def poll(**shares_: str) -> Poll:
    return Poll("house", date(2023, 3, 10), 1000, {k.replace("_", "-"): Fraction(v) for k, v in shares_.items()})


POLLED: dict[str, str] = {"amanat": "0.5", "auyl": "0.2", "respublica": "0.1", "ppk": "0.1", "aq_jol": "0.1"}


def test_polls_give_their_shares_with_the_spread_of_the_effective_sample(plan: Plan) -> None:
    model = Polls(polls=(poll(**POLLED),), design=2.0)
    found = shares(drawn(plan, model))
    # Options that no poll names (baytaq, nsdp, against all) keep their past share beside the polled ones.
    scale = 1 - float(past(plan)[[4, 6, 7]].sum()) / (1 + float(past(plan)[[4, 6, 7]].sum()))
    assert abs(found[1].mean() - 0.2 * scale) < 0.002
    spread = np.sqrt(found[1].mean() * (1 - found[1].mean()) / 501)
    assert abs(found[1].std() / spread - 1) < 0.05


def test_house_effects_do_not_shrink_with_more_polls_of_one_house(plan: Plan) -> None:
    one = poll(**POLLED)
    many = tuple(replace(one, day=date(2023, 2, 1 + n)) for n in range(20))
    few_spread = shares(drawn(plan, Polls(polls=(one,), house=0.2), 2048))[1].std()
    many_spread = shares(drawn(plan, Polls(polls=many, house=0.2), 2048))[1].std()
    free_spread = shares(drawn(plan, Polls(polls=many), 2048))[1].std()
    assert many_spread > 0.8 * few_spread
    assert free_spread < 0.4 * many_spread


def test_old_polls_weigh_less_and_past_votes_can_be_a_prior(plan: Plan) -> None:
    old = poll(**POLLED)
    fresh = shares(drawn(plan, Polls(polls=(old,))))[1].std()
    faded = shares(drawn(plan, Polls(polls=(old,), half_life=3.0)))[1].std()
    assert faded > 2 * fresh
    prior = shares(drawn(plan, Polls(prior=5000)))
    assert np.abs(prior.mean(axis=1) - past(plan)).max() < 0.001


def test_ballots_are_drawn_whole(plan: Plan) -> None:
    sheet = drawn(plan, Polls(prior=1000, ballots=True), 64)
    total = sheet.votes.sum(axis=(0, 1)) + sheet.lines["@against_all"][0]
    assert len(set(total.tolist())) == 1


def test_newcomers_take_from_all_alike() -> None:
    model = Swing(national=0.0, newcomers={"new-list": "10%"}, newcomer_spread=0.0)
    case = with_newcomers(open_case("mazhilis-2023"), model)
    plan = compile(case.own_law(), case)
    found = shares(drawn(plan, model, 4))
    place = plan.papers["list"].options.index("new-list")  # type: ignore[arg-type]
    assert abs(found[place, 0] - 0.1) < 1e-6
    before = past(compile(open_case("mazhilis-2023").own_law(), open_case("mazhilis-2023")))
    assert abs(found[0, 0] - 0.9 * before[0]) < 1e-6
    report = simulate("mazhilis-2023", draws=2000, model=Swing(newcomers={"new-list": "10%"}))
    assert report.own.enters("new-list") > Fraction(9, 10)


def test_candidates_swing_with_their_party() -> None:
    case = open_case("mazhilis-2016")
    plan = compile(case.own_law(), case)
    sampler = Sampler([plan], Swing(national=0.2))
    assert "amanat" in sampler.movers or len(sampler.movers) >= len(plan.papers["list"].votes)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"model": "swing", "national": "much"}, "national"),
        ({"model": "oracle"}, "one of swing, polls"),
        ({"natonal": 0.1}, "natonal"),
        ({"national": -1}, "a number from 0"),
        ({"model": "polls"}, "no poll and no prior"),
        ({"model": "polls", "prior": 10, "design": 0.5}, "factor of at least 1"),
        ({"newcomers": 3}, "a table"),
    ],
)
def test_bad_parameters_are_named(given: Mapping[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        model_of(given)


def test_parameters_come_from_text_a_table_or_a_file(tmp_path: Path) -> None:
    assert model_of("swing", {"national": "0.2", "spread.auyl": "0.5"}) == Swing(national=0.2, spread={"auyl": 0.5})
    (tmp_path / "p.csv").write_text("institute,day,sample,option,percent\nh,2023-03-01,900,amanat,60\n")
    (tmp_path / "m.toml").write_text('model = "polls"\npolls = "p.csv"\nhalf-life = 30\n')
    model = model_of(tmp_path / "m.toml")
    assert isinstance(model, Polls)
    assert model.half_life == 30
    assert model.polls[0].shares == {"amanat": Fraction(3, 5)}


def test_unknown_options_are_faults(plan: Plan) -> None:
    with pytest.raises(BadInput, match="whigs"):
        Sampler([plan], Swing(spread={"whigs": 0.1}))
    with pytest.raises(BadInput, match="whigs"):
        Sampler([plan], Polls(polls=(Poll("h", date(2023, 1, 1), 10, {"whigs": Fraction(1)}),)))


POLL_FILE = """institute,day,sample,option,percent,design
one,2023-03-01,1200,amanat,54.3,1.8
one,2023-03-01,1200,auyl,"10,2",1.8
two,2023-03-05,800,@against_all,4%,
"""


def test_a_poll_file_is_read_exactly(tmp_path: Path) -> None:
    file = tmp_path / "polls.csv"
    file.write_text(POLL_FILE, encoding="utf-8")
    first, second = read_polls(file, options=("amanat", "auyl", "@against_all"))
    assert first == Poll(
        "one", date(2023, 3, 1), 1200, {"amanat": Fraction(543, 1000), "auyl": Fraction(102, 1000)}, Fraction(9, 5)
    )
    assert second.shares == {"@against_all": Fraction(1, 25)}
    assert second.design is None


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Bad House,2023-03-01,10,amanat,5", "line 2, institute"),
        ("h,01.03.2023,10,amanat,5", "line 2, day"),
        ("h,,10,amanat,5", "line 2, day"),
        ("h,2023-03-01,0,amanat,5", "line 2, sample"),
        ("h,2023-03-01,,amanat,5", "line 2, sample"),
        ("h,2023-03-01,10,whigs,5", "line 2, option"),
        ("h,2023-03-01,10,amanat,much", "line 2, percent"),
        ("h,2023-03-01,10,amanat,101", "line 2, percent"),
        ("h,2023-03-01,10,amanat,5\nh,2023-03-01,10,amanat,6", "line 3, option"),
        ("h,2023-03-01,10,amanat,5\nh,2023-03-01,11,auyl,6", "line 3, sample"),
        ("h,2023-03-01,10,amanat,60\nh,2023-03-01,10,auyl,60", "120 together"),
        ("", "at least one poll"),
    ],
)
def test_faults_of_a_poll_file_have_a_line(tmp_path: Path, row: str, says: str) -> None:
    file = tmp_path / "polls.csv"
    file.write_text(f"institute,day,sample,option,percent\n{row}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        read_polls(file, options=("amanat", "auyl"))
