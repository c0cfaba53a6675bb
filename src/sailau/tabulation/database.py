"""Tabulation by a database: protocols in tables that nobody reads station by station, the same totals and breaches.

The database lays the lines of each protocol side by side, chooses the standing versions, checks the law's relations and
adds up the stations of each unit; what lies above is added up as in any case. Every statement can be shown: an auditor
runs them by hand. Sums are of 128 bits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sailau.election.case import read_case
from sailau.election.known import Known
from sailau.election.large import LargeTables, columns_of, connect, quoted, run, source, text
from sailau.election.model import STATUSES, WHOLE, Election, Protocol
from sailau.election.writing import to_csv, unit_rows
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import SHOWN, Faults
from sailau.tabulation.forms import OPTIONS, Breaches, Check, Checks, between_contests, breaches
from sailau.tabulation.protocols import Exclusion, standing
from sailau.tabulation.totals import (
    INT64_ROOM,
    LISTED,
    PRECINCT,
    Asked,
    Leaves,
    LinesOf,
    Tabulation,
    Totals,
    checks_for,
    column_of,
    in_order,
    one_mark,
    parents,
    rolled_up,
    wrong_figures,
)

if TYPE_CHECKING:
    from sailau.rulebook import Law

WIDE = 150
"""Items beyond which those of a contest are not laid side by side."""
_TEXT = ("VARCHAR",)
_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


def tabulate_tables(
    election: Election,
    tables: LargeTables,
    law: Law | None = None,
    asked: Asked | None = None,
) -> Tabulation:
    """Add up the standing returns of a case whose tables a database reads, and check them; see `tabulate`.

    Raises:
        BadInput: every fault of the tables, with its line.
    """
    with tempfile.TemporaryDirectory(prefix="sailau-") as spill:
        work = _Work(election, tables, law, connect(), asked)
        work.do(f"SET temp_directory = {text(spill)}", quiet=True)
        try:
            return work.tabulation()
        finally:
            work.database.close()


def statements(election: Election, tables: LargeTables, law: Law | None = None) -> list[str]:
    """Return every statement of a tabulation, in the order in which they are run."""
    with tempfile.TemporaryDirectory(prefix="sailau-") as spill:
        work = _Work(election, tables, law, connect())
        work.do(f"SET temp_directory = {text(spill)}", quiet=True)
        try:
            work.tabulation()
        finally:
            work.database.close()
    return work.statements


@dataclass(frozen=True, slots=True)
class _Group:
    """Contests whose protocols are laid out in one table: few items side by side, or of many items the lines only."""

    table: str
    contests: tuple[str, ...]
    options: tuple[str, ...]
    lines: tuple[str, ...]
    is_wide: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Items that have a column."""
        return self.lines if self.is_wide else (*self.options, *self.lines)

    def votes(self) -> str:
        """Return the sum of the votes for options, as SQL."""
        if self.is_wide:
            return "votes"
        return " + ".join(f"coalesce({quoted(o)}, 0)::HUGEINT" for o in self.options) or "0"

    def voted(self) -> str:
        """Return whether votes for any option are stated, as SQL."""
        if self.is_wide:
            return "voted > 0"
        return "(" + (" OR ".join(f"{quoted(o)} IS NOT NULL" for o in self.options) or "false") + ")"


@dataclass
class _Work:
    """One tabulation under way."""

    election: Election
    tables: LargeTables
    law: Law | None
    database: Any
    asked: Asked | None = None
    statements: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def do(self, sql: str, file: str = "returns", *, quiet: bool = False) -> Any:
        """Run a statement, and keep it for whoever wants to see it."""
        if not quiet:
            self.statements.append(sql)
        return run(self.database, self._name(file), sql)

    def _name(self, table: str) -> str:
        return self.tables.paths[table].name if table in self.tables.paths else f"{table}.csv"

    # ------------------------------------------------------------------ the tables

    def tabulation(self) -> Tabulation:
        """Return the whole."""
        self._stations()
        self._returns()
        names = self.do("SELECT DISTINCT contest, item FROM returns", quiet=False).fetchall()
        self._check_names(names)
        self.faults.raise_any()
        groups = self._groups(names)
        for group in groups:
            self._lay_out(group)
        self.faults.raise_any()
        left_out = self._choose(groups)
        upper = self._upper(groups)
        totals = self._totals(groups, upper)
        return self._checked(groups, totals, upper, left_out)

    def _stations(self) -> None:
        if "units" not in self.tables.paths:
            raise BadInput([Fault("units.csv", 0, "", "no such file", "the units in which the returns lie")])
        path = self.tables.paths["units"]
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
            "units",
        )
        for unit, place in self.do(
            f"SELECT unit, max(place) FROM station GROUP BY unit HAVING count(*) > 1 LIMIT {SHOWN}", quiet=True
        ).fetchall():
            self.faults.add(Fault(path.name, place + 1, "unit", f"“{unit}” again", "each unit once"))
        self.do("CREATE TEMP TABLE upper_unit (unit VARCHAR)")
        upper_names = ", ".join(f"({text(u)})" for u in ("", *self.election.units))
        self.do(f"INSERT INTO upper_unit VALUES {upper_names}", quiet=True)
        for column in ("parent", *(f"district_{c}" for c in self.districts)):
            for unit, place in self.do(
                f"SELECT {quoted(column)}, place FROM station WHERE {quoted(column)} NOT IN (FROM upper_unit) ORDER BY place"
                f" LIMIT {SHOWN}",
                quiet=True,
            ).fetchall():
                expected = "a unit of this file, or empty"
                self.faults.add(Fault(path.name, place + 1, column, f"unknown unit “{unit}”", expected))

    def _returns(self) -> None:
        if "returns" not in self.tables.paths:
            raise BadInput([Fault("returns.csv", 0, "", "no such file", "the returns")])
        path = self.tables.paths["returns"]
        types = {
            row[0]: row[1] for row in run(self.database, path.name, f"DESCRIBE SELECT * FROM {source(path)}").fetchall()
        }
        self._check_header(path.name, types)
        self.faults.raise_any()
        whole = path.suffix == ".parquet"
        count = 'TRY_CAST("count" AS BIGINT)'
        if not whole:
            count = f"CASE WHEN translate(\"count\", '0123456789', '') = '' THEN {count} END"
        number = {
            n: f"coalesce(TRY_CAST({n} AS SMALLINT), 1)" if n in types else "1::SMALLINT" for n in ("round", "version")
        }
        self.raw = f"SELECT *, row_number() OVER () AS place FROM {source(path)}"
        self.do(
            "CREATE TEMP VIEW returns AS SELECT coalesce(unit, '') AS unit, contest, item, "
            f'{count} AS "count", {number["round"]} AS "round", {number["version"]} AS version FROM {source(path)}'
        )

    def _check_header(self, file: str, types: Mapping[str, str]) -> None:
        missing = [n for n in ("unit", "contest", "item", "count") if n not in types]
        if missing:
            found = f"a header without {', '.join(missing)}"
            self.faults.add(Fault(file, 1, "", found, "columns unit, contest, item, count"))
        for name, kind in types.items():
            if name not in ("unit", "contest", "item", "count", "round", "version") and not name.startswith("x_"):
                self.faults.add(
                    Fault(file, 1, name, f"unknown column {name}", "a known column, or a name with x_ in front")
                )
            texts = name in ("unit", "contest", "item")
            if not name.startswith("x_") and kind not in (_TEXT if texts else (*_WHOLE_NUMBERS, *_TEXT)):
                self.faults.add(Fault(file, 1, name, f"a column of {kind}", "texts" if texts else "whole numbers"))
            if file.endswith(".parquet") and name == "count" and kind in _TEXT:
                self.faults.add(Fault(file, 1, name, f"a column of {kind}", "whole numbers"))

    def _check_names(self, names: Iterable[tuple[str, str]]) -> None:
        known = Known(self.election.own_law(), self.election, lambda f: f in self.election.files, set())
        for contest, item in sorted(names, key=str):
            trouble = known.trouble(contest or "", item or "")
            if trouble is None:
                continue
            column, found, expected = trouble
            value = contest if column == "contest" else item
            where = f"contest IS NOT DISTINCT FROM {text(contest)}" if contest is not None else "contest IS NULL"
            if column == "item":
                where += f" AND item = {text(value)}" if item is not None else " AND item IS NULL"
            self._fault_lines(where, column, found, expected)

    def _fault_lines(self, where: str, column: str, found: str, expected: str) -> None:
        path = self.tables.paths["returns"]
        rows = self.do(
            f"SELECT place FROM ({self.raw}) WHERE {where} ORDER BY place LIMIT {SHOWN}", quiet=True
        ).fetchall()
        for (place,) in rows:
            self.faults.add(Fault(path.name, place + (path.suffix != ".parquet"), column, found, expected))

    # ------------------------------------------------------------------ protocols

    def _groups(self, names: Sequence[tuple[str, str]]) -> list[_Group]:
        contests = list(dict.fromkeys(c for c, _ in sorted(names, key=str)))
        order = {c: n for n, c in enumerate(self.law.contests if self.law is not None else ())}
        contests.sort(key=lambda c: (order.get(c, len(order)), c))
        self.contests = contests
        self.items = {c: in_order(self.election, [i for k, i in sorted(names) if k == c]) for c in contests}
        narrow: list[str] = []
        groups: list[_Group] = []
        for contest in contests:
            options, lines = self.items[contest]
            if len(options) > WIDE:
                groups.append(_Group(f"protocol_{len(groups) + 1}", (contest,), options, lines, is_wide=True))
            else:
                narrow.append(contest)
        if narrow:
            options, lines = (tuple(dict.fromkeys(i for c in narrow for i in self.items[c][k])) for k in (0, 1))
            groups.append(_Group("protocol", tuple(narrow), options, lines, is_wide=False))
        return groups

    def _lay_out(self, group: _Group) -> None:
        columns = "".join(f', any_value("count") FILTER (item = {text(i)}) AS {quoted(i)}' for i in group.columns)
        if group.is_wide:
            columns += ", sum(\"count\") FILTER (item[1] <> '@') AS votes, count(*) FILTER (item[1] <> '@') AS voted"
            columns += ', count("count") FILTER ("count" >= 0) AS counted'
        chosen = ", ".join(text(c) for c in group.contests)
        self.do(
            f'CREATE TEMP TABLE {group.table} AS SELECT unit, contest, "round", version, count(*) AS lines{columns}'
            f' FROM returns WHERE contest IN ({chosen}) GROUP BY unit, contest, "round", version'
        )
        sound = "lines = counted"
        if not group.is_wide:
            there = " + ".join(f"({quoted(i)} IS NOT NULL)::INT" for i in group.columns)
            least = ", ".join(quoted(i) for i in group.columns)
            sound = f"lines = {there} AND least({least}) >= 0"
        wrong, rounds = self.do(
            f'SELECT count(*) FILTER (NOT ({sound})), count(*) FILTER ("round" NOT IN (1, 2) OR version < 1)'
            f" FROM {group.table}",
            quiet=True,
        ).fetchone()
        if wrong:
            self._wrong_counts()
        if rounds:
            self._fault_lines('TRY_CAST("round" AS SMALLINT) NOT IN (1, 2)', "round", "no round", "1 or 2")
        if not self.faults and (wrong or group.is_wide):
            self._check_doubles(group)

    def _wrong_counts(self) -> None:
        path = self.tables.paths["returns"]
        good = 'regexp_full_match("count"::VARCHAR, \'[0-9]{1,19}\') AND TRY_CAST("count" AS BIGINT) IS NOT NULL'
        where = f'"count" IS NULL OR NOT ({good})'
        number = self.do(f"SELECT count(*) FROM ({self.raw}) WHERE {where}", quiet=True).fetchone()[0]
        rows = self.do(
            f'SELECT place, "count" FROM ({self.raw}) WHERE {where} ORDER BY place LIMIT {SHOWN}', quiet=True
        ).fetchall()
        for place, value in rows:
            line = place + (path.suffix != ".parquet")
            found = "nothing" if value is None else f"“{value}”"
            expected = "a whole number from 0 to 2^63 − 1, digits only"
            self.faults.add(Fault(path.name, line, "count", found, expected))
        self.faults.count += number - len(rows)

    def _check_doubles(self, group: _Group) -> None:
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
            path = self.tables.paths["returns"]
            numbered = "SELECT *, row_number() OVER () AS place FROM returns"
            place, item = self.do(
                f"SELECT max(place), item FROM ({numbered}) WHERE unit = {text(unit)} AND contest = {text(contest)}"
                f' AND "round" = {round_} AND version = {version} GROUP BY item HAVING count(*) > 1 LIMIT 1',
                quiet=True,
            ).fetchone()
            line = place + (path.suffix != ".parquet")
            found = f"{item} of {contest} in {unit or 'the whole'} again"
            self.faults.add(Fault(path.name, line, "", found, "each line once"))

    def _upper(self, groups: Sequence[_Group]) -> Election:
        """Return the election with the standing returns of units that are no stations."""
        every = " UNION ".join(f"SELECT unit FROM {g.table}" for g in groups)
        units = self.do(f"SELECT unit FROM ({every}) ANTI JOIN station USING (unit)").fetchall() if groups else []
        if not units:
            return self.election
        path = self.tables.paths["returns"]
        rows = self.do(
            f'SELECT r.unit, r.contest, r.item, r."count", r."round", r.version, r.place FROM'
            f" (SELECT *, row_number() OVER () AS place FROM returns) r WHERE r.unit IN"
            f" ({', '.join(text(u) for (u,) in units)}) ORDER BY place"
        ).fetchall()
        lines = [row[-1] + (path.suffix != ".parquet") for row in rows]
        data = to_csv([("unit", "contest", "item", "count", "round", "version"), *(row[:-1] for row in rows)]).encode()
        files = {
            **self.tables.folder.files,
            "returns.csv": data,
            "units.csv": to_csv(unit_rows(self.election)).encode(),
        }
        try:
            upper = read_case(replace(self.tables.folder, large={}, files=files), foreign_columns=True)
        except BadInput as error:
            raise error.changed(partial(_in_whole, name=path.name, lines=lines)) from None
        names = ", ".join(text(u) for (u,) in units)
        told = self.do(
            f"SELECT unit, contest, version, status FROM told WHERE unit IN ({names})", quiet=True
        ).fetchall()
        stands, _ = standing(replace(upper, protocols=tuple(Protocol(u, c, int(v), s) for u, c, v, s in told)))
        places = np.array(lines, np.int32)[stands.line - 2]
        return replace(upper, returns=replace(stands, line=places))

    # ------------------------------------------------------------------ standing versions

    def _choose(self, groups: Sequence[_Group]) -> tuple[tuple[Exclusion, ...], dict[str, int]]:
        """Make a table of standing protocols beside each one; return what is left out, and how many of each status."""
        self._told()
        every = " UNION ALL ".join(f"SELECT unit, contest, version FROM {g.table}" for g in groups)
        self.do(
            f"CREATE TEMP TABLE touched AS SELECT DISTINCT unit FROM ({every or 'SELECT unit, contest, version FROM told'})"
            " WHERE version > 1 UNION SELECT unit FROM told"
        )
        self.do(
            f"CREATE TEMP TABLE version_of AS SELECT DISTINCT p.unit, p.contest, p.version, t.status, t.reason FROM ({every}) p"
            " SEMI JOIN touched USING (unit) LEFT JOIN told t ON t.unit = p.unit AND t.version = p.version"
            " AND (t.contest = p.contest OR t.contest = '')"
        )
        self.do(
            "CREATE TEMP TABLE standing AS SELECT unit, contest, version FROM version_of"
            " WHERE status IS NULL OR status = 'standing' QUALIFY row_number() OVER"
            " (PARTITION BY unit, contest ORDER BY (status IS NOT NULL) DESC, version DESC) = 1"
        )
        out = (
            "SELECT unit, contest, version, status, reason FROM told WHERE status <> 'standing' UNION ALL"
            " SELECT unit, contest, version, 'superseded', '' FROM version_of ANTI JOIN standing USING (unit, contest, version)"
            " WHERE status IS NULL OR status = 'standing'"
        )
        for group in groups:
            self.do(
                f"DELETE FROM {group.table} WHERE unit IN (FROM touched)"
                " AND (unit, contest, version) NOT IN (SELECT unit, contest, version FROM standing)"
            )
        rows = self.do(f"SELECT * FROM ({out}) ORDER BY ALL LIMIT {LISTED}").fetchall()
        counts = dict(self.do(f"SELECT status, count(*) FROM ({out}) GROUP BY status", quiet=True).fetchall())
        return tuple(Exclusion(u, c, int(v), s, r) for u, c, v, s, r in rows), counts

    def _told(self) -> None:
        path = self.tables.paths.get("protocols")
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
            "protocols",
        )
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

    # ------------------------------------------------------------------ totals

    def _above(self) -> str:
        cases = "".join(
            f" WHEN {text(c)} THEN coalesce(nullif(nullif({quoted(f'district_{c}')}, ''), unit), parent)"
            for c in self.districts
        )
        return f"CASE contest{cases} ELSE parent END" if cases else "parent"

    def _totals(self, groups: Sequence[_Group], upper: Election) -> dict[tuple[str, int], Totals]:
        sums: dict[tuple[str, int], dict[str, Any]] = {}
        for group in groups:
            if group.is_wide:
                self._below_wide(group, sums)
            self._below(group, sums)
        units = (WHOLE, *self.election.units)
        number = self._number_below(units)
        totals = {}
        upper_pairs = {
            (upper.returns.contests[c], int(r)) for c, r in zip(upper.returns.contest, upper.returns.round, strict=True)
        }
        for contest in self.contests:
            for round_ in (1, 2):
                if (contest, round_) in sums or (contest, round_) in upper_pairs:
                    below = sums.get((contest, round_), {})
                    totals[contest, round_] = self._total(contest, round_, units, (below, number), upper)
        return totals

    def _below(self, group: _Group, sums: dict[tuple[str, int], dict[str, Any]]) -> None:
        """Add up the stations of each unit, items side by side."""
        columns = "".join(
            f", sum({quoted(i)}) AS {quoted(i)}, count({quoted(i)}) AS {quoted(f'{i} stated')}" for i in group.columns
        )
        self.do(
            f'CREATE TEMP TABLE {group.table}_below AS SELECT {self._above()} AS above, contest, "round", count(*) AS reporting,'
            f" count(*) FILTER ({group.voted()}) AS options{columns}"
            f" FROM {group.table} JOIN station USING (unit) GROUP BY ALL"
        )
        for contest in group.contests:
            for round_ in (1, 2):
                rows = self._arrays(
                    f'SELECT * EXCLUDE (contest, "round") FROM {group.table}_below'
                    f' WHERE contest = {text(contest)} AND "round" = {round_}',
                    group.columns,
                )
                if len(rows["above"]):
                    sums.setdefault((contest, round_), {}).update(rows)

    def _arrays(self, sql: str, items: Sequence[str]) -> dict[str, Any]:
        """Return a query's columns, its sums as int64 where they fit and as Python integers where they do not."""
        largest = ", ".join(f"max({quoted(i)})" for i in items) or "0"
        greatest = run(self.database, "returns", f"SELECT {largest} FROM ({sql})").fetchone()
        if all(v is None or v < INT64_ROOM for v in greatest):
            cast = ", ".join(f"coalesce({quoted(i)}, 0)::BIGINT AS {quoted(i)}" for i in items)
            found = run(
                self.database, "returns", f"SELECT * REPLACE ({cast}) FROM ({sql})" if cast else sql
            ).fetchnumpy()
            return {name: np.ma.filled(values, 0) for name, values in found.items()}
        result = run(self.database, "returns", sql)
        names = [d[0] for d in result.description]
        rows = result.fetchall()
        return {
            name: np.array([row[k] if row[k] is not None else 0 for row in rows], object)
            for k, name in enumerate(names)
        }

    def _below_wide(self, group: _Group, sums: dict[tuple[str, int], dict[str, Any]]) -> None:
        """Add up the stations of each unit item by item."""
        touched = self.do("SELECT count(*) FROM touched", quiet=True).fetchone()[0]
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
                sums.setdefault((contest, round_), {})["long"] = mine

    def _number_below(self, units: Sequence[str]) -> Mapping[str, NDArray[np.int64]]:
        """Return how many stations lie in each unit, for contests whose districts are others than the units above."""
        rows = {u: n for n, u in enumerate(units)}
        numbers = {}
        for contest in ("", *self.districts):
            column = (
                f"coalesce(nullif(nullif({quoted(f'district_{contest}')}, ''), unit), parent)" if contest else "parent"
            )
            number = np.zeros(len(units), np.int64)
            for above, count in self.do(f"SELECT {column}, count(*) FROM station GROUP BY 1", quiet=True).fetchall():
                number[rows[above]] = count
            numbers[contest] = number
        return numbers

    def _total(
        self, contest: str, round_: int, units: tuple[str, ...], below: tuple[Mapping[str, Any], Any], upper: Election
    ) -> Totals:
        lines_above = upper.returns
        here = (lines_above.contest == _place(lines_above.contests, contest)) & (lines_above.round == round_)
        stated = {lines_above.items[i] for i in lines_above.item[here]}
        stated |= {i for i in (*self.items[contest][0], *self.items[contest][1]) if _is_stated(below[0], i)}
        stated |= {row[2] for row in below[0].get("long", ())}
        options, lines = (tuple(i for i in items if i in stated) for items in self.items[contest])
        items = (*options, *lines)
        rows = {u: n for n, u in enumerate(units)}
        columns = {i: n for n, i in enumerate(items)}
        leaves = _leaves(units, items, below[0], below[1].get(contest, below[1][""]))
        counts, own = _own(upper, contest, round_, (rows, columns), leaves.sums)
        parent = parents(self.election.units, units, rows, contest)
        return rolled_up(contest, round_, units, parent, (items, len(options)), (counts, own), leaves)

    # ------------------------------------------------------------------ checks

    def _checked(
        self,
        groups: Sequence[_Group],
        totals: dict[tuple[str, int], Totals],
        upper: Election,
        left: tuple[tuple[Exclusion, ...], dict[str, int]],
    ) -> Tabulation:
        forms: dict[str, Checks] = {}
        for (contest, _), total in totals.items():
            if contest not in forms:
                forms[contest] = checks_for(self.law, contest, total, self.asked)
        stations = self._station_breaches(groups, forms)
        broken: list[Breaches] = []
        columns = {}
        returns = upper.returns
        for (contest, round_), total in totals.items():
            levels = [self.election.units[u].level if u in self.election.units else "" for u in total.units]
            is_one = self.law is None or one_mark(self.law, contest)
            chosen = np.flatnonzero((returns.contest == _place(returns.contests, contest)) & (returns.round == round_))
            station = np.array([level == PRECINCT for level in levels])
            self.faults.extend(wrong_figures(total, station, is_one, LinesOf(returns, chosen, self._name("returns"))))
            columns[contest, round_] = partial(column_of, total)
            broken += breaches(contest, round_, forms[contest], columns[contest, round_], one_mark=is_one)
            broken += stations.get((contest, round_), [])
        self.faults.raise_any()
        broken += between_contests(columns, forms)
        broken += self._between(groups, totals, forms)
        return Tabulation(totals, tuple(broken), *left)

    def _station_breaches(
        self, groups: Sequence[_Group], forms: Mapping[str, Checks]
    ) -> dict[tuple[str, int], list[Breaches]]:
        found: dict[tuple[str, int], list[Breaches]] = {}
        for group in groups:
            alike: dict[tuple[tuple[Check, ...], bool], list[str]] = {}
            for contest in group.contests:
                if contest in forms:
                    is_one = self.law is None or one_mark(self.law, contest)
                    alike.setdefault((forms[contest].checks, is_one), []).append(contest)
            for (_, is_one), contests in alike.items():
                found |= self._breaches(group, contests, forms[contests[0]], is_one)
        return found

    def _breaches(
        self, group: _Group, contests: Sequence[str], checks: Checks, is_one: bool
    ) -> dict[tuple[str, int], list[Breaches]]:
        """Evaluate the relations of contests that share a form: all in one pass, then the stations that break one."""
        conditions = _conditions(group, checks, is_one)
        broken: dict[tuple[str, int], list[Breaches]] = {}
        if not conditions:
            return broken
        table = f"{group.table} SEMI JOIN station USING (unit)"
        chosen = f"contest IN ({', '.join(text(c) for c in contests)})"
        counts = ", ".join(f"count(*) FILTER ({where})" for *_, where in conditions)
        rows = self.do(f'SELECT contest, "round", {counts} FROM {table} WHERE {chosen} GROUP BY ALL').fetchall()
        for place, (check, left, right, where) in enumerate(conditions, 2):
            numbers = {(row[0], row[1]): row[place] for row in rows if row[place]}
            for key, told in (
                self._stations_of(f"FROM {table} WHERE {chosen} AND {where}", left, right).items() if numbers else ()
            ):
                sums = [np.array([row[k] for row in told], object) for k in (1, 2)]
                names = [row[0] for row in told]
                one = Breaches(*key, check, np.arange(len(told)), sums[0], sums[1], "", names, numbers[key])
                broken.setdefault(key, []).append(one)
        return broken

    def _stations_of(self, rows: str, left: str, right: str) -> dict[tuple[str, int], list[tuple[str, int, int]]]:
        """Return the first stations that break a relation, with both sides, by contest and round."""
        most = self.asked.listed if self.asked is not None else LISTED
        sql = (
            f'SELECT contest, "round", b.unit, left_side, right_side FROM (SELECT contest, "round", unit, {left} AS left_side,'
            f" {right} AS right_side {rows}) b JOIN station s USING (unit) QUALIFY row_number() OVER"
            f' (PARTITION BY contest, "round" ORDER BY s.place) <= {most} ORDER BY contest, "round", s.place'
        )
        told: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
        for contest, round_, *row in self.do(sql).fetchall():
            told.setdefault((contest, round_), []).append(tuple(row))
        return told

    def _listed(self, sql: str, check: Check, contest: str, round_: int, other: str = "") -> Breaches | None:
        self.statements.append(sql)
        number = run(self.database, "returns", f"SELECT count(*) FROM ({sql})").fetchone()[0]
        if not number:
            return None
        most = self.asked.listed if self.asked is not None else LISTED
        rows = run(
            self.database,
            "returns",
            f"SELECT s.unit, left_side, right_side FROM ({sql}) JOIN station s USING (unit) ORDER BY s.place LIMIT {most}",
        ).fetchall()
        left, right = (np.array([row[k] for row in rows], object) for k in (1, 2))
        names = [row[0] for row in rows]
        return Breaches(contest, round_, check, np.arange(len(rows)), left, right, other, names, number)

    def _between(
        self, groups: Sequence[_Group], totals: Mapping[tuple[str, int], Totals], forms: Mapping[str, Checks]
    ) -> list[Breaches]:
        first: dict[tuple[str, int], tuple[str, _Group]] = {}
        found = []
        for (contest, round_), total in totals.items():
            group = next(g for g in groups if contest in g.contests)
            for check in forms[contest].checks:
                if check.sign != "same" or not all(t.endswith("?") or t in total.items for t in check.left):
                    continue
                other, other_group = first.setdefault((check.code, round_), (contest, group))
                sides = [_side(check.left, check, forms[c], g) for c, g in ((contest, group), (other, other_group))]
                if other == contest or sides[0] is None or sides[1] is None:
                    continue
                tables = [
                    f"(SELECT unit, {side[0]} AS side FROM {g.table} WHERE contest = {text(c)}"
                    f' AND "round" = {round_} AND ({side[1]}))'
                    for c, g, side in ((contest, group, sides[0]), (other, other_group, sides[1]))
                ]
                sql = (
                    f"SELECT unit, a.side AS left_side, b.side AS right_side FROM {tables[0]} a"
                    f" JOIN {tables[1]} b USING (unit) SEMI JOIN station USING (unit) WHERE a.side <> b.side"
                )
                one = self._listed(sql, check, contest, round_, other)
                if one is not None:
                    found.append(one)
        return found


def _place(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -1


def _side(terms: Sequence[str], check: Check, checks: Checks, group: _Group) -> tuple[str, str] | None:
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


def _conditions(group: _Group, checks: Checks, is_one: bool) -> list[tuple[Check, str, str, str]]:
    """Return relations with both sides and when they are broken and not hidden by another, as SQL."""
    stated: dict[str, tuple[Check, str, str, str]] = {}
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


def _differs(check: Check, left: str, right: str) -> str:
    """Return when a relation does not hold, as SQL."""
    if check.sign == "share":
        above, below = check.share.as_integer_ratio()
        return f"({right}) > 0 AND ({left}) * {below} >= ({right}) * {above}"
    return f"({left}) {'>' if check.sign == '<=' else '<>'} ({right})"


def _stated(term: str, checks: Checks, group: _Group, *, derive: bool) -> tuple[str, str] | None:
    line = term.rstrip("?")
    if line == OPTIONS:
        return (f"({group.votes()})", group.voted()) if group.options else None
    own = (f"{quoted(line)}::HUGEINT", f"{quoted(line)} IS NOT NULL") if line in group.lines else None
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


def _leaves(units: Sequence[str], items: Sequence[str], below: Mapping[str, Any], number: NDArray[np.int64]) -> Leaves:
    """Return the stations of each unit, from what the database added up."""
    rows = {u: n for n, u in enumerate(units)}
    columns = {i: n for n, i in enumerate(items)}
    at = np.array([rows[u] for u in below.get("above", ())], np.int64)
    long = below.get("long", ())
    widest = [below[i].dtype for i in items if i in below]
    beyond = any(dtype.kind == "O" for dtype in widest) or any(row[3] >= INT64_ROOM for row in long)
    sums = np.zeros((len(units), len(items)), object if beyond else np.int64)
    stated = np.zeros((len(units), len(items)), np.int64)
    reporting, options = np.zeros(len(units), np.int64), np.zeros(len(units), np.int64)
    if len(at):
        reporting[at], options[at] = below["reporting"].astype(np.int64), below["options"].astype(np.int64)
    for item, column in columns.items():
        if item in below:
            sums[at, column] = below[item]
            stated[at, column] = below[f"{item} stated"].astype(np.int64)
    for above, _, item, total, count in long:
        sums[rows[above], columns[item]] = total
        stated[rows[above], columns[item]] = count
    return Leaves(sums, stated, options, reporting, number)


def _is_stated(below: Mapping[str, Any], item: str) -> bool:
    return f"{item} stated" in below and bool(below[f"{item} stated"].any())


def _own(
    upper: Election, contest: str, round_: int, places: tuple[Mapping[str, int], Mapping[str, int]], sums: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return what units that are no stations state themselves."""
    returns, (rows, columns) = upper.returns, places
    chosen = np.flatnonzero((returns.contest == _place(returns.contests, contest)) & (returns.round == round_))
    largest = int(returns.count[chosen].max(initial=0)) * (len(chosen) + 1)
    below = int(sums.max(initial=0)) * (len(rows) + 1)
    counts = np.zeros(sums.shape, np.int64 if max(largest, below) < INT64_ROOM and sums.dtype != object else object)
    own = np.zeros(sums.shape, np.bool_)
    for k in chosen:
        at = rows[returns.units[returns.unit[k]]], columns[returns.items[returns.item[k]]]
        counts[at] = int(returns.count[k])
        own[at] = True
    return counts, own


def _in_whole(fault: Fault, *, name: str, lines: list[int]) -> Fault:
    """Return a fault of the upper returns where it stands in the whole table."""
    if fault.file != "returns.csv":
        return fault
    return replace(fault, file=name, line=lines[fault.line - 2] if 2 <= fault.line < len(lines) + 2 else fault.line)
