"""What could have happened: models of uncertainty about votes, every parameter named, with the source of the method.

A model says how votes could differ from those of a case; `sailau.simulation.sampler` draws from it. Floats only propose
votes: a drawn election is whole numbers, and seats are counted from it exactly.

Two models of the whole country:

- `Swing`: the case's own votes, moved by random swings.
- `Polls`: shares as polls and, if wanted, past votes suggest them.

Both share what happens below the whole (regions, districts, persons), turnout and new parties. Swings of the same party on
different ballots of one polling day are the same swing: a region that turns to a list turns to its candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import parse_toml, parse_value, read_bytes
from sailau.rulebook.limits import TOML
from sailau.simulation.polls import Poll, read_polls

Kind = Literal["proportional", "uniform"]
MOST_SPREAD = 5
"""The largest standard deviation: one party in six has then more than 150 times its votes, another less than that part."""
_SPREADS = frozenset(
    ("national", "regional", "district", "personal", "turnout", "turnout_district", "newcomer_spread", "house")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Local:
    """What both models share.

    Standard deviations of swings are on the logarithm of an option's votes for `proportional` (0.10: about a tenth of its
    votes) and in shares of the vote for `uniform` (0.02: two points). They add up as independent parts, so that the
    votes of one party in two districts of a region have the correlation (national² + regional²) / (national² + regional²
    + district²): variance components as in A. Gelman and G. King, A unified method of evaluating electoral systems and
    redistricting plans, American Journal of Political Science 38 (1994).

    Attributes:
        kind: `uniform`: the same change in points everywhere (D. Butler and D. Stokes, Political Change in Britain, 1969);
            `proportional`: the same factor everywhere. A share never falls below 0; shares of a district add up to its votes.
        regional: standard deviation of a party's swing common to a region.
        district: standard deviation of its swing in one district, where a paper has several.
        personal: further standard deviation of one candidate, on papers of persons; in districts the spread of those who stand
            for no party, in the whole beside the national one, which is then a candidate's own.
        turnout: standard deviation of the logarithm of the number of ballots, common to the whole.
        turnout_district: the same for one district. Turnout never passes the voters registered, where these are known.
        newcomers: party → expected share of the vote, `"4%"`, taken from all others alike; for parties without past votes.
        newcomer_spread: standard deviation of the swing of newcomers, in place of the national one.
    """

    kind: Kind = "proportional"
    regional: float = 0.0
    district: float = 0.0
    personal: float = 0.0
    turnout: float = 0.0
    turnout_district: float = 0.0
    newcomers: Mapping[str, str | Fraction] = field(default_factory=dict, hash=False)
    newcomer_spread: float = 0.5

    def expected(self) -> dict[str, Fraction]:
        """Newcomers' expected shares, exact.

        Raises:
            BadInput: a share that is none, or no room left for the others.
        """
        from sailau.rulebook.schema import share

        found = {}
        for party, text in self.newcomers.items():
            try:
                found[party] = share(text)
            except ValueError as error:
                raise BadInput([Fault("model", 0, f"newcomers.{party}", repr(text), str(error))]) from None
        if any(s <= 0 for s in found.values()) or sum(found.values()) >= 1:
            shown = ", ".join(f"{p}={s}" for p, s in self.newcomers.items())
            raise BadInput([Fault("model", 0, "newcomers", shown, "shares above 0 that leave something to the others")])
        return found

    def faults(self) -> list[Fault]:
        """Return what is wrong with the parameters."""
        wrong = []
        for entry in fields(self):
            value = getattr(self, entry.name)
            most = MOST_SPREAD if entry.name in _SPREADS else 10**9
            if isinstance(value, float | int) and not 0 <= value <= most:
                expected = f"a number from 0 to {most}" if entry.name in _SPREADS else "a number from 0"
                wrong.append(Fault("model", 0, entry.name, repr(value), expected))
        if self.kind not in ("proportional", "uniform"):
            wrong.append(Fault("model", 0, "kind", repr(self.kind), "proportional or uniform"))
        return wrong

    def to_json(self) -> dict[str, Any]:
        """Return the model and its parameters as data."""
        return {"model": type(self).__name__.lower(), **_plain(asdict(self))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing(_Local):
    """Past votes moved by swings: each party's swing is drawn from a normal distribution.

    Attributes:
        national: standard deviation of a party's swing common to the whole.
        spread: option → its own national standard deviation, in place of `national` (`@against_all` too).
    """

    national: float = 0.10
    spread: Mapping[str, float] = field(default_factory=dict, hash=False)

    def faults(self) -> list[Fault]:
        """Return what is wrong with the parameters."""
        return _Local.faults(self) + [
            Fault("model", 0, f"spread.{option}", repr(value), f"a number from 0 to {MOST_SPREAD}")
            for option, value in self.spread.items()
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_SPREAD
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polls(_Local):
    """Shares of the whole from polls: Dirichlet-multinomial, with house effects and a design factor.

    What n respondents said and how the country votes are tied by the compound multinomial distribution (J. E. Mosimann, On
    the compound multinomial distribution, Biometrika 49 (1962)): given the polls, shares have a Dirichlet distribution whose
    parameters are the respondents of each option. A poll counts with n / design respondents (the design effect of L. Kish,
    Survey Sampling, 1965), halved every `half_life` days before the vote. House effects, biases that all polls of an
    institute share, are drawn anew in every election (S. Jackman, Pooling the polls over an election campaign, Australian
    Journal of Political Science 40 (2005)), so that more polls of one institute do not make its bias smaller.

    Attributes:
        polls: see `sailau.simulation.read_polls`.
        design: design factor of polls that do not publish their own; 1 is a simple random sample.
        house: standard deviation of an institute's bias, on the logarithm of a share.
        half_life: days in which a poll loses half of its weight; None for never.
        prior: the case's own votes count as so many respondents; 0 leaves the shares to the polls alone.
        ballots: draw whole ballots (multinomial) from the shares, too; matters for small electorates only.
    """

    polls: tuple[Poll, ...] = ()
    design: float = 1.5
    house: float = 0.0
    half_life: float | None = None
    prior: float = 0.0
    ballots: bool = False

    def faults(self) -> list[Fault]:
        """Return what is wrong with the parameters."""
        wrong = _Local.faults(self)
        if not self.polls and not self.prior:
            wrong.append(Fault("model", 0, "polls", "no poll and no prior", "polls, or prior above 0"))
        if self.design < 1:
            wrong.append(Fault("model", 0, "design", repr(self.design), "a factor of at least 1"))
        if self.half_life is not None and self.half_life <= 0:
            wrong.append(Fault("model", 0, "half_life", repr(self.half_life), "days, above 0"))
        return wrong


Model = Swing | Polls
_MODELS: Mapping[str, type[Swing] | type[Polls]] = {"swing": Swing, "polls": Polls}


def model_of(
    given: Model | Mapping[str, Any] | str | Path | None,
    parameters: Mapping[str, Any] | None = None,
    polls: str | Path | None = None,
) -> Model:
    """Return a model: itself, its parameters as a table, a TOML file of them, its name, or the usual one.

    A file holds `model = "swing"` or `"polls"` and the parameters by their names; `polls = "polls.csv"` names a poll file
    beside it, see `sailau.simulation.read_polls`.

    Args:
        given: see above.
        parameters: further parameters, by name; text is read as TOML would (`"0.2"`), and `spread.auyl` is one entry of a table.
        polls: a poll file.

    Raises:
        BadInput: unknown parameters, values they cannot have, or a file that cannot be read.
    """
    if isinstance(given, Swing | Polls):
        if parameters or polls:
            raise BadInput([Fault("model", 0, "", "parameters beside a model", "a model, or parameters of one")])
        return given
    table: dict[str, Any] = {}
    file, folder = "model", Path()
    if isinstance(given, Mapping):
        table = dict(given)
    elif given is not None and str(given) in _MODELS:
        table = {"model": str(given)}
    elif given is not None:
        path = Path(given)
        table, file, folder = _read(path), path.name, path.parent
    for name, value in (parameters or {}).items():
        _enter(table, name, value)
    if polls is not None:
        table = {"model": "polls", **table, "polls": read_polls(polls)}
    return _made(file, table, folder)


def _read(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(path.name, read_bytes(path, TOML).decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        expected = f"{', '.join(_MODELS)}, or a readable .toml file with a model"
        raise BadInput([Fault(path.name, 0, "", type(error).__name__, expected)]) from None


def _enter(table: dict[str, Any], name: str, value: Any) -> None:
    """Enter one parameter; text that TOML reads as a number or a truth value is one, other text stays text."""
    outer, dot, inner = name.partition(".")
    if isinstance(value, str):
        value = parse_value(f"--with {name}", value)
    if dot:
        table[outer] = {**table.get(outer, {}), inner: value}
    else:
        table[outer] = value


def _made(file: str, table: dict[str, Any], folder: Path) -> Model:
    name = table.pop("model", "swing")
    if name not in _MODELS:
        raise BadInput([Fault(file, 0, "model", repr(name), f"one of {', '.join(_MODELS)}")])
    kind = _MODELS[name]
    known = {entry.name: entry for entry in fields(kind)}
    given = {key.replace("-", "_"): value for key, value in table.items()}
    faults = [
        Fault(file, 0, key, "unknown parameter", f"one of {', '.join(known)}") for key in given if key not in known
    ]
    faults += [
        Fault(file, 0, key, repr(given[key]), "a table: party = value")
        for key in ("newcomers", "spread")
        if key in given and not isinstance(given[key], Mapping)
    ]
    numbers = [k for k in given if k in known and k not in ("kind", "newcomers", "spread", "polls", "ballots")]
    faults += [
        Fault(file, 0, key, repr(given[key]), "a number")
        for key in numbers
        if isinstance(given[key], bool) or not isinstance(given[key], int | float)
    ]
    if isinstance(given.get("polls"), str):
        given["polls"] = read_polls(folder / given["polls"])
    if faults:
        raise BadInput(faults)
    model = kind(**given)
    if wrong := model.faults():
        raise BadInput([replace(fault, file=file) for fault in wrong])
    return model


def _plain(value: Any) -> Any:
    """Return parameters as JSON can hold them; shares stay exact, as text."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, int | float | str | bool | None) else str(value)
