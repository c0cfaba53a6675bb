"""The protocols of one part of a table: laid out, chosen, checked and added up by a database, on whatever machine it runs.

The whole table is one part, or there is one for some areas each. A part gives sums by unit, stations that break a relation
and the lines of units that are no stations; parts add up in any order. Every statement can be shown: an auditor runs them
by hand. Sums are of 128 bits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.election.large import columns_of, connect, quoted, run, source, text
from sailau.election.model import STATUSES
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import SHOWN, Faults
from sailau.tabulation.forms import OPTIONS, Breaches, FormChecks, RelationCheck
from sailau.tabulation.protocols import Exclusion
from sailau.tabulation.totals import INT64_ROOM, LISTED

_TEXT = ("VARCHAR",)
_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_RETURNS = ("unit", "contest", "item", "count", "round", "version")

Key = tuple[str, int]
"""A contest and a round."""


@dataclass(frozen=True, slots=True)
class Group:
    """Contests whose protocols are laid out in one table: few items side by side, or of many items the lines only.

    Attributes:
        cast: what figures are cast to before they are added up, where 64 bits might not hold a sum.
    """

    table: str
    contests: tuple[str, ...]
    options: tuple[str, ...]
    lines: tuple[str, ...]
    is_wide: bool
    cast: str = "::HUGEINT"

    @property
    def columns(self) -> tuple[str, ...]:
        """Items that have a column."""
        return self.lines if self.is_wide else (*self.options, *self.lines)

    def votes(self) -> str:
        """Return the sum of the votes for options, as SQL."""
        if self.is_wide:
            return "votes"
        return " + ".join(f"coalesce({quoted(o)}, 0){self.cast}" for o in self.options) or "0"

    def voted(self) -> str:
        """Return whether votes for any option are stated, as SQL."""
        if self.is_wide:
            return "voted > 0"
        return "(" + (" OR ".join(f"{quoted(o)} IS NOT NULL" for o in self.options) or "false") + ")"


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the tables of a case lie.

    Attributes:
        returns: one file, or parts of a table.
        upper: ids of the units that are no stations, the whole among them.
    """

    returns: Path | tuple[Path, ...]
    units: Path
    protocols: Path | None
    upper: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the returns, as a person knows it."""
        return self.returns.name if isinstance(self.returns, Path) else self.returns[0].parent.name

    @property
    def first_line(self) -> int:
        """Lines above the first row."""
        return int(not self.name.endswith(".parquet"))


@dataclass(frozen=True)
class Task:
    """What is to be done with one part; it holds ids of units and of items, and of persons nothing else.

    Attributes:
        checks: contest → its relations, and whether a ballot carries one mark.
        lines: contest and round → lines that its protocols have, contests in the order of the law.
        is_guess: whether the items come from samples, so that others may turn up.
        is_first: whether it also tells what does not depend on the part: faults of the units, protocols left out.
        is_whole: whether there are no other parts.
        listed: breaches of a relation that are told one by one.
        unexplained: whether votes that broken relations leave unexplained are added up.
    """

    tables: Tables
    groups: tuple[Group, ...]
    checks: Mapping[str, tuple[FormChecks, bool]]
    lines: Mapping[Key, tuple[str, ...]]
    is_guess: bool = False
    is_first: bool = True
    is_whole: bool = True
    listed: int = LISTED
    unexplained: bool = False


@dataclass
class TablePart:
    """What one part gives.

    Attributes:
        below: sums of stations by the unit above, as columns: items and how many stations state them.
        long: the same item by item, for contests of very many: rows of above, round, item, sum, stations.
        upper: lines of units that are no stations, as rows of the returns with their place.
        told: what protocols.csv says of those units.
        broken: stations that break a relation, with their places in the table of units.
        across: those whose lines differ between contests.
        number: contest with districts of its own, or empty → unit → stations in it.
        parents: units above the stations of this part.
        unexplained: votes by the unit above, where they are asked for.
        is_unforeseen: whether an item turned up that no sample had; nothing else of the part is filled then.
        statements: what was run, in order.
    """

    below: dict[Key, dict[str, Any]] = field(default_factory=dict)
    long: dict[Key, list[tuple[str, int, str, int, int]]] = field(default_factory=dict)
    upper: list[tuple[Any, ...]] = field(default_factory=list)
    told: list[tuple[str, str, int, str]] = field(default_factory=list)
    broken: list[Breaches] = field(default_factory=list)
    across: list[Breaches] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    number: dict[str, dict[str, int]] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    unexplained: dict[Key, dict[str, int]] = field(default_factory=dict)
    is_unforeseen: bool = False
    statements: list[str] = field(default_factory=list)


Name = tuple[str, str, int]
"""A contest, an item, a round."""


def names_of(tables: Tables) -> tuple[set[Name], Faults]:
    """Return the contests, items and rounds of a part, or the faults for which it cannot be read."""
    work = _PartAtWork(Task(tables, (), {}, {}))
    try:
        return work.names(), work.part.faults
    except BadInput as error:
        _keep(work.part.faults, error)
        return set(), work.part.faults
    finally:
        work.database.close()


def added_up(task: Task) -> TablePart:
    """Do all that a part needs; faults stand in what it returns, so that those of all parts are told together."""
    with tempfile.TemporaryDirectory(prefix="sailau-") as spill:
        work = _PartAtWork(task)
        work.do(f"SET temp_directory = {text(spill)}", quiet=True)
        try:
            work.run()
        except BadInput as error:
            _keep(work.part.faults, error)
        finally:
            work.database.close()
    return work.part


def _keep(faults: Faults, error: BadInput) -> None:
    """Keep faults that were raised, unless they are the ones kept already."""
    if tuple(error) != tuple(faults):
        faults.extend(error)


def fault_lines(tables: Tables, where: str, told: tuple[str, str, str]) -> Faults:
    """Return a fault for each of the first rows of the returns for which a condition holds.

    Args:
        tables: of the whole case.
        where: the condition, as SQL.
        told: the column, what stands there and what is expected.
    """
    work = _PartAtWork(Task(tables, (), {}, {}))
    try:
        work.fault_lines(where, *told)
    finally:
        work.database.close()
    return work.part.faults


class _PartAtWork:
    """One part under way."""

    def __init__(self, task: Task) -> None:
        self.task, self.tables = task, task.tables
        self.database = connect()
        if not isinstance(self.tables.returns, Path):
            # Where there are parts, other processes of this machine work on them too.
            self.database.execute("SET threads = 1")
        self.part = TablePart()
        self.groups: list[Group] = list(task.groups)
        self.faults = self.part.faults
        self.has_versions = self.has_upper = False
        self.raw = f"SELECT *, row_number() OVER () AS place FROM {source(self.tables.returns)}"

    def do(self, sql: str, file: str | None = None, *, quiet: bool = False) -> Any:
        """Run a statement, and keep it for whoever wants to see it."""
        if not quiet:
            self.part.statements.append(sql)
        return run(self.database, file or self.tables.name, sql)

    def run(self) -> None:
        """Fill the part."""
        self._stations()
        self._returns()
        self.faults.raise_any()
        for place, group in enumerate(self.groups):
            self.groups[place] = self._lay_out(group)
            if self.part.is_unforeseen:
                return
        self.faults.raise_any()
        self._choose()
        if self.has_upper:
            self._upper()
        for group in self.groups:
            if group.is_wide:
                self._below_wide(group)
            self._below(group)
        self._number_below()
        for group in self.groups:
            alike: dict[tuple[tuple[RelationCheck, ...], bool], list[str]] = {}
            for contest in group.contests:
                checks, is_one = self.task.checks[contest]
                alike.setdefault((checks.checks, is_one), []).append(contest)
            for number, ((_, is_one), contests) in enumerate(alike.items()):
                self._check(group, contests, f"{group.table}_broken_{number + 1}", is_one)
        self._between()

    # ------------------------------------------------------------------ the tables

    def names(self) -> set[Name]:
        """Return the contests, items and rounds of the returns."""
        self._returns()
        self.faults.raise_any()
        return set(self.do('SELECT DISTINCT contest, item, "round" FROM returns').fetchall())

    def _stations(self) -> None:
        path = self.tables.units
        names = columns_of(self.database, path.name, path)
        self.districts = tuple(n.removeprefix("district_") for n in names if n.startswith("district_"))
        above = [n for n in names if n == "parent" or n.startswith("district_")]
        inner = " UNION ".join(f"SELECT {quoted(n)} FROM {source(path)} WHERE {quoted(n)} IS NOT NULL" for n in above)
        district = "".join(
            f", coalesce({quoted(f'district_{c}')}, '') AS {quoted(f'district_{c}')}" for c in self.districts
        )
        parent = "coalesce(parent, '')" if "parent" in names else "''"
        level = "coalesce(level, '')" if "level" in names else "''"
        self.do(
            f"CREATE TEMP TABLE station AS SELECT place, unit, {parent} AS parent{district} FROM"
            f" (SELECT *, row_number() OVER () AS place FROM {source(path)})"
            f" WHERE {level} = 'precinct'" + (f" AND unit NOT IN ({inner})" if inner else ""),
            path.name,
        )
        self.do("CREATE TEMP TABLE upper_unit (unit VARCHAR)")
        self.database.execute("INSERT INTO upper_unit SELECT unnest(?)", [list(self.tables.upper)])
        if self.task.is_first:
            self._check_stations(path.name)

    def _check_stations(self, file: str) -> None:
        for unit, place in self.do(
            f"SELECT unit, max(place) FROM station GROUP BY unit HAVING count(*) > 1 LIMIT {SHOWN}", quiet=True
        ).fetchall():
            self.faults.add(Fault(file, place + 1, "unit", f"“{unit}” again", "each unit once"))
        for column in ("parent", *(f"district_{c}" for c in self.districts)):
            for unit, place in self.do(
                f"SELECT {quoted(column)}, place FROM station WHERE {quoted(column)} NOT IN (FROM upper_unit) ORDER BY place"
                f" LIMIT {SHOWN}",
                quiet=True,
            ).fetchall():
                expected = "a unit of this file, or empty"
                self.faults.add(Fault(file, place + 1, column, f"unknown unit “{unit}”", expected))

    def _returns(self) -> None:
        table = source(self.tables.returns)
        types = {row[0]: row[1] for row in self.do(f"DESCRIBE SELECT * FROM {table}", quiet=True).fetchall()}
        self._check_header(types)
        self.faults.raise_any()
        count = 'TRY_CAST("count" AS BIGINT)'
        if self.tables.first_line:
            count = f"CASE WHEN translate(\"count\", '0123456789', '') = '' THEN {count} END"
        number = {
            n: f"coalesce(TRY_CAST({n} AS SMALLINT), 1)" if n in types else "1::SMALLINT" for n in ("round", "version")
        }
        self.do(
            "CREATE TEMP VIEW returns AS SELECT coalesce(unit, '') AS unit, contest, item, "
            f'{count} AS "count", {number["round"]} AS "round", {number["version"]} AS version FROM {table}'
        )

    def _check_header(self, types: Mapping[str, str]) -> None:
        file, is_parquet = self.tables.name, not self.tables.first_line
        missing = [n for n in ("unit", "contest", "item", "count") if n not in types]
        if missing:
            told = f"a header without {', '.join(missing)}"
            self.faults.add(Fault(file, 1, "", told, "columns unit, contest, item, count"))
        for name, kind in types.items():
            if name.startswith("x_"):
                continue
            if name not in _RETURNS:
                self.faults.add(
                    Fault(file, 1, name, f"unknown column {name}", "a known column, or a name with x_ in front")
                )
            texts = name in ("unit", "contest", "item")
            expected = (
                _TEXT if texts else _WHOLE_NUMBERS if name == "count" and is_parquet else (*_WHOLE_NUMBERS, *_TEXT)
            )
            if kind not in expected:
                self.faults.add(Fault(file, 1, name, f"a column of {kind}", "texts" if texts else "whole numbers"))

    def fault_lines(self, where: str, column: str, told: str, expected: str) -> None:
        """Add a fault for each of the first rows for which a condition holds."""
        rows = self.do(
            f"SELECT place FROM ({self.raw}) WHERE {where} ORDER BY place LIMIT {SHOWN}", quiet=True
        ).fetchall()
        for (place,) in rows:
            self.faults.add(Fault(self.tables.name, place + self.tables.first_line, column, told, expected))

    # ------------------------------------------------------------------ protocols

    def _lay_out(self, group: Group) -> Group:
        """Make the table of a group: one row for a protocol, with the place of its station and the unit above."""
        columns = "".join(f', any_value("count") FILTER (item = {text(i)}) AS {quoted(i)}' for i in group.columns)
        if group.is_wide:
            columns += ", sum(\"count\") FILTER (item[1] <> '@') AS votes, count(*) FILTER (item[1] <> '@') AS voted"
            columns += ', count("count") FILTER ("count" >= 0) AS counted'
        chosen = ", ".join(text(c) for c in group.contests)
        where = f" WHERE contest IN ({chosen})" if len(self.groups) > 1 else ""
        self.do(
            f"CREATE TEMP TABLE {group.table} AS SELECT p.*, place, {self._above()} AS above FROM"
            f' (SELECT unit, contest, "round", version, count(*) AS lines{columns}'
            f' FROM returns{where} GROUP BY unit, contest, "round", version) p LEFT JOIN station USING (unit)'
        )
        sound, greatest = "lines = counted", "votes"
        if not group.is_wide:
            there = " + ".join(f"({quoted(i)} IS NOT NULL)::INT" for i in group.columns)
            least = ", ".join(quoted(i) for i in group.columns)
            sound, greatest = f"lines = {there} AND least({least}) >= 0", f"greatest({least})"
        wrong, others, rounds, versions, upper, largest = self.do(
            f"SELECT count(*) FILTER (NOT ({sound})), count(*) FILTER (contest IS NULL OR contest NOT IN ({chosen})),"
            f' count(*) FILTER ("round" NOT IN (1, 2) OR version < 1), count(*) FILTER (version > 1),'
            f" count(*) FILTER (place IS NULL), max({greatest}) FROM {group.table}",
            quiet=True,
        ).fetchone()
        if self.task.is_guess and (wrong or others):
            self.part.is_unforeseen = True
            return group
        self.has_versions |= versions > 0
        self.has_upper |= upper > 0
        if wrong:
            self._wrong_counts()
        if rounds:
            self.fault_lines('TRY_CAST("round" AS SMALLINT) NOT IN (1, 2)', "round", "no round", "1 or 2")
        if not self.faults and (wrong or group.is_wide):
            self._check_doubles(group)
        is_small = not group.is_wide and (largest or 0) < INT64_ROOM // (len(group.columns) + 1)
        return replace(group, cast="" if is_small else group.cast)

    def _above(self) -> str:
        """Return the unit that a station lies in, by contest where districts are others than the units above, as SQL."""
        cases = "".join(
            f" WHEN {text(c)} THEN coalesce(nullif(nullif({quoted(f'district_{c}')}, ''), unit), parent)"
            for c in self.districts
        )
        return f"CASE contest{cases} ELSE parent END" if cases else "parent"

    def _wrong_counts(self) -> None:
        good = 'regexp_full_match("count"::VARCHAR, \'[0-9]{1,19}\') AND TRY_CAST("count" AS BIGINT) IS NOT NULL'
        where = f'"count" IS NULL OR NOT ({good})'
        number = self.do(f"SELECT count(*) FROM ({self.raw}) WHERE {where}", quiet=True).fetchone()[0]
        rows = self.do(
            f'SELECT place, "count" FROM ({self.raw}) WHERE {where} ORDER BY place LIMIT {SHOWN}', quiet=True
        ).fetchall()
        for place, value in rows:
            told = "nothing" if value is None else f"“{value}”"
            expected = "a whole number from 0 to 2^63 − 1, digits only"
            self.faults.add(Fault(self.tables.name, place + self.tables.first_line, "count", told, expected))
        self.faults.count += number - len(rows)

    def _check_doubles(self, group: Group) -> None:
        if group.is_wide:
            chosen = ", ".join(text(c) for c in group.contests)
            sql = (
                f'SELECT unit, contest, "round", version FROM returns WHERE contest IN ({chosen})'
                ' GROUP BY unit, contest, "round", version, item HAVING count(*) > 1'
            )
        else:
            there = " + ".join(f"({quoted(i)} IS NOT NULL)::INT" for i in group.columns)
            sql = f'SELECT unit, contest, "round", version FROM {group.table} WHERE lines <> {there}'
        for unit, contest, round_, version in self.do(f"{sql} LIMIT {SHOWN}", quiet=True).fetchall():
            numbered = "SELECT *, row_number() OVER () AS place FROM returns"
            place, item = self.do(
                f"SELECT max(place), item FROM ({numbered}) WHERE unit = {text(unit)} AND contest = {text(contest)}"
                f' AND "round" = {round_} AND version = {version} GROUP BY item HAVING count(*) > 1 LIMIT 1',
                quiet=True,
            ).fetchone()
            told = f"{item} of {contest} in {unit or 'the whole'} again"
            self.faults.add(Fault(self.tables.name, place + self.tables.first_line, "", told, "each line once"))

    def _upper(self) -> None:
        """Keep the lines of units that are no stations, and what is told of their protocols."""
        every = " UNION ".join(f"SELECT unit FROM {g.table} WHERE place IS NULL" for g in self.groups)
        self.do(f"CREATE TEMP TABLE upper_reporting AS {every}")
        self.part.upper = self.do(
            'SELECT r.unit, r.contest, r.item, r."count", r."round", r.version, r.place FROM'
            " (SELECT *, row_number() OVER () AS place FROM returns) r SEMI JOIN upper_reporting USING (unit) ORDER BY place"
        ).fetchall()
        self.part.told = self.do(
            "SELECT unit, contest, version, status FROM told SEMI JOIN upper_reporting USING (unit)", quiet=True
        ).fetchall()

    # ------------------------------------------------------------------ standing versions

    def _choose(self) -> None:
        """Take protocols that do not stand out of the tables, and keep the first of them."""
        self._told()
        if not self.has_versions and self.tables.protocols is None:
            return
        every = " UNION ALL ".join(f"SELECT unit, version FROM {g.table}" for g in self.groups)
        self.do(
            f"CREATE TEMP TABLE touched AS SELECT DISTINCT unit FROM ({every or 'SELECT unit, version FROM told'})"
            " WHERE version > 1 UNION SELECT unit FROM told"
        )
        for group in self.groups:
            self.do(
                f"CREATE TEMP TABLE {group.table}_touched AS SELECT rowid AS line, unit, contest, version"
                f" FROM {group.table} SEMI JOIN touched USING (unit)"
            )
        every = " UNION ALL ".join(f"SELECT unit, contest, version FROM {g.table}_touched" for g in self.groups)
        self.do(
            "CREATE TEMP TABLE version_of AS SELECT DISTINCT p.unit, p.contest, p.version, t.status, t.reason FROM"
            f" ({every or 'SELECT unit, contest, version FROM told'}) p LEFT JOIN told t ON t.unit = p.unit"
            " AND t.version = p.version AND (t.contest = p.contest OR t.contest = '')"
        )
        self.do(
            "CREATE TEMP TABLE standing AS SELECT unit, contest, version FROM version_of"
            " WHERE status IS NULL OR status = 'standing' QUALIFY row_number() OVER"
            " (PARTITION BY unit, contest ORDER BY (status IS NOT NULL) DESC, version DESC) = 1"
        )
        for group in self.groups:
            self.do(
                f"DELETE FROM {group.table} WHERE rowid IN"
                f" (SELECT line FROM {group.table}_touched ANTI JOIN standing USING (unit, contest, version))"
            )
        out = (
            "SELECT unit, contest, version, 'superseded' AS status, '' AS reason FROM version_of"
            " ANTI JOIN standing USING (unit, contest, version) WHERE status IS NULL OR status = 'standing'"
        )
        if self.task.is_first:
            out += " UNION ALL SELECT unit, contest, version, status, reason FROM told WHERE status <> 'standing'"
        rows = self.do(f"SELECT * FROM ({out}) ORDER BY ALL LIMIT {LISTED}").fetchall()
        self.part.excluded = [Exclusion(u, c, int(v), s, r) for u, c, v, s, r in rows]
        self.part.left_out = dict(
            self.do(f"SELECT status, count(*) FROM ({out}) GROUP BY status", quiet=True).fetchall()
        )

    def _told(self) -> None:
        path = self.tables.protocols
        if path is None:
            self.do(
                "CREATE TEMP TABLE told (unit VARCHAR, contest VARCHAR, version SMALLINT, status VARCHAR, reason VARCHAR)"
            )
            return
        names = columns_of(self.database, path.name, path)
        if missing := [n for n in ("unit", "status") if n not in names]:
            raise BadInput([Fault(path.name, 1, "", f"a header without {', '.join(missing)}", "columns unit, status")])
        contest, reason = (f"coalesce({n}, '')" if n in names else "''" for n in ("contest", "reason"))
        version = "coalesce(TRY_CAST(version AS SMALLINT), 1)" if "version" in names else "1::SMALLINT"
        self.do(
            f"CREATE TEMP TABLE told AS SELECT unit, {contest} AS contest, {version} AS version, status, {reason} AS reason"
            f" FROM {source(path)}",
            path.name,
        )
        if self.task.is_first:
            self._check_told(path.name, source(path))
            self.faults.raise_any()

    def _check_told(self, file: str, table: str) -> None:
        statuses = ", ".join(text(s) for s in STATUSES)
        numbered = f"(SELECT *, row_number() OVER () AS place FROM {table})"
        for column, where, expected in (
            ("status", f"status IS NULL OR status NOT IN ({statuses})", f"one of {', '.join(STATUSES)}"),
            ("unit", "unit NOT IN (SELECT unit FROM station UNION ALL FROM upper_unit)", "a unit of the units"),
        ):
            for value, place in self.do(
                f"SELECT {column}, place FROM {numbered} WHERE {where} ORDER BY place LIMIT {SHOWN}", quiet=True
            ).fetchall():
                self.faults.add(Fault(file, place + 1, column, f"“{value}”", expected))
        for unit, contest, version in self.do(
            f"SELECT unit, contest, version FROM told GROUP BY ALL HAVING count(*) > 1 LIMIT {SHOWN}", quiet=True
        ).fetchall():
            self.faults.add(Fault(file, 0, "version", f"version {version} of {contest} in {unit} again", "each once"))
        for unit, contest in self.do(
            f"SELECT unit, contest FROM told WHERE status = 'standing' GROUP BY ALL HAVING count(*) > 1 LIMIT {SHOWN}",
            quiet=True,
        ).fetchall():
            self.faults.add(Fault(file, 0, "status", f"a second standing version of {contest} in {unit}", "one"))

    # ------------------------------------------------------------------ sums

    def _below(self, group: Group) -> None:
        """Add up the stations of each unit, items side by side."""
        columns = "".join(
            f", sum({quoted(i)}) AS {quoted(i)}, count({quoted(i)}) AS {quoted(f'{i} stated')}" for i in group.columns
        )
        self.do(
            f'CREATE TEMP TABLE {group.table}_below AS SELECT above, contest, "round", count(*) AS reporting,'
            f" count(*) FILTER ({group.voted()}) AS options{columns}"
            f' FROM {group.table} WHERE place IS NOT NULL GROUP BY above, contest, "round"'
        )
        for contest in group.contests:
            for round_ in (1, 2):
                rows = self._arrays(
                    f'SELECT * EXCLUDE (contest, "round") FROM {group.table}_below'
                    f' WHERE contest = {text(contest)} AND "round" = {round_}',
                    group.columns,
                )
                if len(rows["above"]):
                    self.part.below[contest, round_] = rows
        if not self.task.is_whole:
            parents = f"SELECT DISTINCT parent FROM station SEMI JOIN {group.table} USING (place)"
            self.part.parents |= {parent for (parent,) in self.do(parents).fetchall()}

    def _arrays(self, sql: str, items: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Return a query's columns, its sums as int64 where they fit and as Python integers where they do not."""
        largest = ", ".join(f"max({quoted(i)})" for i in items) or "0"
        greatest = self.do(f"SELECT {largest} FROM ({sql})", quiet=True).fetchone()
        if all(v is None or v < INT64_ROOM for v in greatest):
            cast = ", ".join(f"coalesce({quoted(i)}, 0)::BIGINT AS {quoted(i)}" for i in items)
            columns = self.do(f"SELECT * REPLACE ({cast}) FROM ({sql})" if cast else sql, quiet=True).fetchnumpy()
            return {name: np.ma.filled(values, 0) for name, values in columns.items()}
        result = self.do(sql, quiet=True)
        names = [d[0] for d in result.description]
        rows = result.fetchall()
        return {
            name: np.array([row[k] if row[k] is not None else 0 for row in rows], object)
            for k, name in enumerate(names)
        }

    def _below_wide(self, group: Group) -> None:
        """Add up the stations of each unit item by item."""
        touched = self.has_versions or self.tables.protocols is not None
        standing = f' SEMI JOIN {group.table} USING (unit, contest, "round", version)' if touched else ""
        (contest,) = group.contests
        rows = self.do(
            f'SELECT {self._above()} AS above, "round", item, sum("count"), count(*) FROM'
            f" (SELECT * FROM returns WHERE contest = {text(contest)} AND item[1] <> '@'){standing}"
            " JOIN station USING (unit) GROUP BY ALL"
        ).fetchall()
        for round_ in (1, 2):
            mine = [row for row in rows if row[1] == round_]
            if mine:
                self.part.long[contest, round_] = mine

    def _number_below(self) -> None:
        """Keep how many stations lie in each unit, for contests whose districts are others than the units above."""
        for contest in ("", *self.districts) if self.task.is_first else ():
            column = (
                f"coalesce(nullif(nullif({quoted(f'district_{contest}')}, ''), unit), parent)" if contest else "parent"
            )
            rows = self.do(f"SELECT {column}, count(*) FROM station GROUP BY 1", quiet=True).fetchall()
            self.part.number[contest] = dict(rows)

    # ------------------------------------------------------------------ checks

    def _check(self, group: Group, contests: Sequence[str], table: str, is_one: bool) -> None:
        """Evaluate the relations of contests that share a form in one pass, then tell the stations that break one."""
        conditions = _conditions(group, self.task.checks[contests[0]][0], is_one)
        if not conditions:
            return
        flags = ", ".join(f"({where}) AS {quoted(check.code)}" for check, *_, where in conditions)
        chosen = (
            f" AND contest IN ({', '.join(text(c) for c in contests)})" if len(contests) < len(group.contests) else ""
        )
        codes = [quoted(check.code) for check, *_ in conditions]
        self.do(
            f'CREATE TEMP TABLE {table} AS SELECT * FROM (SELECT rowid AS line, place, contest, "round", {flags}'
            f" FROM {group.table} WHERE place IS NOT NULL{chosen}) WHERE {' OR '.join(codes)}"
        )
        counts = ", ".join(f"count(*) FILTER ({code})" for code in codes)
        rows = self.do(f'SELECT contest, "round", {counts} FROM {table} GROUP BY contest, "round"').fetchall()
        numbers = {
            (row[0], row[1], one[0].code): row[place]
            for row in rows
            for place, one in enumerate(conditions, 2)
            if row[place]
        }
        broken = [one for one in conditions if any(code == one[0].code for *_, code in numbers)]
        told = self._stations_of(group, table, broken) if broken else {}
        if self.task.unexplained and broken:
            self._add_unexplained(group, table, broken)
        for check, *_ in conditions:
            for contest, round_, code in numbers:
                if code == check.code:
                    rows = told[contest, round_, code]
                    one = _breaches((contest, round_, check), rows, numbers[contest, round_, code])
                    self.part.broken.append(one)

    def _add_unexplained(
        self, group: Group, table: str, conditions: Sequence[tuple[RelationCheck, str, str, str]]
    ) -> None:
        """Add up the largest difference in any relation that a protocol breaks, by the unit above."""
        differences = ", ".join(
            f"CASE WHEN b.{quoted(check.code)} THEN abs(({left})::HUGEINT - ({right})::HUGEINT) END"
            for check, left, right, _ in conditions
            if check.severity == "error" and check.sign != "share"
        )
        if not differences:
            return
        rows = self.do(
            f'SELECT p.contest, p."round", p.above, sum(greatest({differences})) FROM {table} b'
            f" JOIN {group.table} p ON p.rowid = b.line GROUP BY ALL HAVING sum(greatest({differences})) > 0"
        ).fetchall()
        for contest, round_, above, votes in rows:
            self.part.unexplained.setdefault((contest, round_), {})[above] = int(votes)

    def _stations_of(
        self, group: Group, table: str, conditions: Sequence[tuple[RelationCheck, str, str, str]]
    ) -> dict[tuple[str, int, str], list[tuple[Any, ...]]]:
        """Return the first stations that break each relation, with both sides, by contest, round and code."""
        listed = " UNION ALL ".join(
            f"(SELECT {text(check.code)} AS code, line, place FROM {table} WHERE {quoted(check.code)} QUALIFY row_number()"
            f' OVER (PARTITION BY contest, "round" ORDER BY place) <= {self.task.listed})'
            for check, *_ in conditions
        )
        sides = [" ".join(f"WHEN {text(one[0].code)} THEN {one[side]}" for one in conditions) for side in (1, 2)]
        rows = self.do(
            f'SELECT contest, "round", code, p.unit, CASE code {sides[0]} END, CASE code {sides[1]} END, l.place'
            f" FROM ({listed}) l JOIN {group.table} p ON p.rowid = l.line ORDER BY l.place"
        ).fetchall()
        told: dict[tuple[str, int, str], list[tuple[Any, ...]]] = {}
        for contest, round_, code, *row in rows:
            told.setdefault((contest, round_, code), []).append(tuple(row))
        return told

    def _between(self) -> None:
        """Compare lines that are the same in all contests of a station, each with the first contest that has them."""
        first: dict[tuple[str, int], tuple[str, Group]] = {}
        for (contest, round_), lines in self.task.lines.items():
            group = next(g for g in self.groups if contest in g.contests)
            for check in self.task.checks[contest][0].checks:
                if check.sign != "same" or not all(t.endswith("?") or t in lines for t in check.left):
                    continue
                other, other_group = first.setdefault((check.code, round_), (contest, group))
                if other != contest:
                    self._compare((contest, round_, check), group, other, other_group)

    def _compare(self, key: tuple[str, int, RelationCheck], group: Group, other: str, other_group: Group) -> None:
        contest, round_, check = key
        pairs = ((contest, group), (other, other_group))
        sides = [_side(check.left, check, self.task.checks[c][0], g) for c, g in pairs]
        if sides[0] is None or sides[1] is None:
            return
        tables = [
            f"(SELECT unit, place, {side[0]} AS side FROM {g.table} WHERE contest = {text(c)}"
            f' AND "round" = {round_} AND place IS NOT NULL AND ({side[1]}))'
            for (c, g), side in zip(pairs, sides, strict=True)
            if side is not None
        ]
        sql = (
            f"SELECT a.unit, a.side AS left_side, b.side AS right_side, a.place FROM {tables[0]} a"
            f" JOIN {tables[1]} b USING (place) WHERE a.side <> b.side"
        )
        number = self.do(f"SELECT count(*) FROM ({sql})", quiet=True).fetchone()[0]
        if number:
            rows = self.do(f"{sql} ORDER BY a.place LIMIT {self.task.listed}").fetchall()
            self.part.across.append(_breaches(key, rows, number, other))


def _breaches(
    key: tuple[str, int, RelationCheck], rows: Sequence[tuple[Any, ...]], number: int, other: str = ""
) -> Breaches:
    """Return breaches of stations from rows of unit, left side, right side, place; `rows` of it holds the places."""
    left, right = (np.array([row[k] for row in rows], object) for k in (1, 2))
    places = np.array([row[3] for row in rows], np.intp)
    return Breaches(*key, places, left, right, other, [row[0] for row in rows], number)


def _side(terms: Sequence[str], check: RelationCheck, checks: FormChecks, group: Group) -> tuple[str, str] | None:
    """Return one side of a relation and when all its lines are stated, as SQL; None where a line is stated nowhere."""
    sums, given = [], []
    for term in terms:
        stated = _stated(term, checks, group, derive=check.left != (term,))
        if stated is None:
            if term.endswith("?"):
                continue
            return None
        sums.append(stated[0])
        given.append(stated[1])
    return (" + ".join(sums), " AND ".join(given)) if sums else None


def _conditions(group: Group, checks: FormChecks, is_one: bool) -> list[tuple[RelationCheck, str, str, str]]:
    """Return relations with both sides and when they are broken and not hidden by another, as SQL."""
    stated: dict[str, tuple[RelationCheck, str, str, str]] = {}
    for check in checks.checks:
        if check.sign == "same" or (not is_one and checks.adds_votes(check)):
            continue
        left, right = (_side(terms, check, checks, group) for terms in (check.left, check.right))
        if left is not None and right is not None:
            where = f"({left[1]}) AND ({right[1]}) AND {_differs(check, left[0], right[0])}"
            stated[check.code] = (check, left[0], right[0], where)
    shown = []
    for code, (check, left_side, right_side, where) in stated.items():
        hiding = [f"NOT coalesce({other[3]}, false)" for other in stated.values() if code in other[0].hides]
        shown.append((check, left_side, right_side, " AND ".join([f"({where})", *hiding])))
    return shown


def _differs(check: RelationCheck, left: str, right: str) -> str:
    """Return when a relation does not hold, as SQL."""
    if check.sign == "share":
        above, below = check.share.as_integer_ratio()
        return f"({right}) > 0 AND ({left})::HUGEINT * {below} >= ({right})::HUGEINT * {above}"
    return f"({left}) {'>' if check.sign == '<=' else '<>'} ({right})"


def _stated(term: str, checks: FormChecks, group: Group, *, derive: bool) -> tuple[str, str] | None:
    line = term.rstrip("?")
    if line == OPTIONS:
        return (f"({group.votes()})", group.voted()) if group.options else None
    own = (f"{quoted(line)}{group.cast}", f"{quoted(line)} IS NOT NULL") if line in group.lines else None
    if term.endswith("?"):
        return None if own is None else (f"coalesce({own[0]}, 0)", "true")
    if not derive or line not in checks.sums:
        return own
    parts = [_stated(part, checks, group, derive=False) for part in checks.sums[line]]
    if any(p is None for p, name in zip(parts, checks.sums[line], strict=True) if not name.endswith("?")):
        return own
    known = [p for p in parts if p is not None]
    if not known:
        return own
    total, given = " + ".join(p[0] for p in known), " AND ".join(p[1] for p in known)
    return (f"({total})", given) if own is None else (f"coalesce({own[0]}, {total})", f"({own[1]} OR ({given}))")
