"""Broken case folders: any byte, cell, line or word of a sound one changed, and what must hold of every answer."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from oracle.cases import csv as table
from oracle.elections import DAYS, random_case
from sailau.counting import count
from sailau.election.case import read_case
from sailau.election.files import CASES, Folder, find, shipped
from sailau.rulebook import BadInput, Law, load
from sailau.rulebook.book import BOOKS
from sailau.rulebook.faults import LINE_LENGTH, SHOWN

SMALL = [name for name in shipped() if sum(f.stat().st_size for f in (CASES / name).iterdir()) < 30_000]
"""Shipped cases that are read and counted in a few milliseconds."""

BYTES = [
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b'""',
    b"\n",
    b"\r",
    b"\r\n",
    b";",
    b",",
    b"=",
    b"[",
    b"]]",
    b"\xd2",
    b"'" * 3,
]
CELLS = [
    "",
    "-1",
    "1.5",
    "1e9",
    "9" * 40,
    "9223372036854775807",
    "9223372036854775808",
    "0",
    "00",
    "２",
    "²",
    "question-²",
    "question-" + "9" * 5000,
    "@valid",
    "@",
    "@nothing",
    "independent",
    "assembly-of-the-people",
    "A",
    "a--b",
    "-",
    "../x",
    "тест",
    '"',
    "2",
    "list",
    "single",
    "question",
    "region",
    "district",
    "precinct",
    "2023-02-30",
    "1000-01-01",
    "x" * 200_000,
]
VALUES = [
    "1",
    "-1",
    "1.5",
    "nan",
    "true",
    '"x"',
    '""',
    "[]",
    "{}",
    "[[]]",
    "[1]",
    '["a", "a"]',
    "2023-03-19",
    "2023-03-19T10:00:00",
    "10:00:00",
    "9999-12-31",
    "0001-01-01",
    '"5%"',
    '"1/0"',
    '"-5%"',
    '"kz/mazhilis"',
    '"no/storting"',
    '"./law.toml"',
    '"../law.toml"',
    "9" * 30,
]
DECISION = "\n[[decision]]\nkind = {}\ncontest = {}\nunit = {}\nquestion = {}\namong = {}\nchosen = {}\n"


def sound(random: Random) -> Folder:
    """Return a case that is in order: shipped, or random, some with a rule book of their own beside it."""
    if random.random() < 0.5:
        folder = find(random.choice(SMALL))
        folder = Folder(folder.name, dict(folder.files))
    else:
        day = random.choice(DAYS[law := random.choice(sorted(DAYS))])
        folder = _written(random, load(law).on(date.fromisoformat(day)))
    if random.random() < 0.3:
        _own_book(folder)
    return folder


def _written(random: Random, law: Law) -> Folder:
    """Return a random election as the files of a case."""
    election = random_case(random, law)
    held = election.returns
    columns = [name for name in ("list", "block", "senate") if name in law.contests]
    rows = [
        (held.units[u], held.contests[c], held.items[i], int(n), int(r))
        for u, c, i, n, r in zip(held.unit, held.contest, held.item, held.count, held.round, strict=True)
    ]
    units = [
        (u.id, u.parent, u.level, u.population, u.area_km2, u.kind, *(u.seats.get(c) for c in columns))
        for u in election.units.values()
    ]
    parties = [(p.id, p.kind, p.members, p.number, p.registered) for p in election.parties.values()]
    persons = [(c.id, c.contest, c.unit, c.party, c.position) for c in election.candidates.values()]
    seats = "".join(f",seats_{c}" for c in columns)
    return Folder(
        "random",
        {
            "case.toml": f'law = "{law.id}"\nday = {law.day}\ntitle.en = "Random"\n'.encode(),
            "returns.csv": table("unit,contest,item,count,round", rows),
            "units.csv": table(f"unit,parent,level,population,area_km2,kind{seats}", units),
            "parties.csv": table("party,kind,members,number,registered", parties),
            "candidates.csv": table("candidate,contest,unit,party,position", persons),
        },
    )


def _own_book(folder: Folder) -> None:
    """Put the rule book beside the case."""
    text = folder.files["case.toml"].decode()
    found = re.search(r'law = "([a-z]+/[a-z-]+)"', text)
    assert found is not None
    book = (BOOKS / f"{found.group(1)}.toml").read_text(encoding="utf-8")
    sources = (BOOKS / found.group(1).partition("/")[0] / "part-sources.toml").read_text(encoding="utf-8")
    alone = re.sub(r"(?ms)^include = \[.*?\]$", "", book)
    folder.files["law.toml"] = (alone if "[sources." in alone else f"{alone}\n{sources}").encode()
    folder.files["case.toml"] = text.replace(found.group(0), 'law = "./law.toml"').encode()


# ---------------------------------------------------------------------- changes


def change_bytes(random: Random, data: bytes) -> bytes:
    """Change, insert, double or drop a few bytes."""
    raw = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randint(0, len(raw))
        match random.randrange(5):
            case 0 if raw:
                raw[min(at, len(raw) - 1)] = random.randrange(256)
            case 1:
                raw[at:at] = random.choice(BYTES)
            case 2:
                del raw[at : at + random.choice((1, 3, 40))]
            case 3:
                raw[at:at] = raw[at : at + random.choice((1, 10, 200))]
            case _:
                raw = raw[: random.choice((at, len(raw)))]
    return bytes(raw)


def change_table(random: Random, data: bytes) -> bytes:
    """Change cells, rows and columns of a CSV file."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    for _ in range(random.choice((1, 1, 2, 4))):
        if not rows:
            break
        at, width = random.randrange(len(rows)), max(len(rows[0]), 1)
        column = random.randrange(width)
        match random.randrange(8):
            case 0 | 1 | 2 if column < len(rows[at]):
                rows[at][column] = random.choice(CELLS)
            case 3:
                rows.insert(at, list(rows[random.randrange(len(rows))]))
            case 4:
                del rows[at]
            case 5:
                for row in rows:
                    del row[column : column + 1]
            case 6:
                other = random.randrange(len(rows))
                rows[at], rows[other] = rows[other], rows[at]
            case _ if column < len(rows[at]):
                rows[at][column] = random.choice(rows)[column] if len(random.choice(rows)) > column else ""
    out = io.StringIO()
    csv.writer(out, delimiter=random.choice(",,,;"), lineterminator=random.choice(("\n", "\r\n"))).writerows(rows)
    return out.getvalue().encode()


def change_toml(random: Random, data: bytes) -> bytes:
    """Change values, drop and double lines, add decisions."""
    lines = data.decode("utf-8-sig").split("\n")
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(lines))
        match random.randrange(6):
            case 0 | 1 if " = " in lines[at]:
                lines[at] = lines[at].partition(" = ")[0] + " = " + random.choice(VALUES)
            case 2:
                del lines[at]
            case 3:
                lines.insert(at, random.choice(lines))
            case 4:
                values = [random.choice([*VALUES, '"list"', '"lot"', '"remainder"', '["p0", "p1"]']) for _ in range(6)]
                lines += DECISION.format(*values).split("\n")
            case _:
                lines[at] = re.sub(
                    r'"[^"]*"|\d+', lambda m: random.choice((m.group(0), random.choice(VALUES))), lines[at]
                )
        lines = lines or [""]
    return "\n".join(lines).encode()


def broken(random: Random) -> Folder:
    """Return a case of which something was changed."""
    folder = sound(random)
    for _ in range(random.choice((1, 1, 1, 2))):
        name = random.choice(sorted(folder.files))
        table = name.endswith(".csv")
        change: Callable[[Random, bytes], bytes] = change_table if table else change_toml
        match random.randrange(8):
            case 0:
                del folder.files[name]
            case 1:
                folder.files[name] = random.choice((b"", b"\n", b"\xef\xbb\xbf", folder.files[name].split(b"\n")[0]))
            case 2 | 3:
                folder.files[name] = change_bytes(random, folder.files[name])
            case _:
                try:
                    folder.files[name] = change(random, folder.files[name])
                except (UnicodeDecodeError, csv.Error):
                    folder.files[name] = change_bytes(random, folder.files[name])
        if not folder.files:
            break
    return folder


def answer(folder: Folder) -> str:
    """Read and count a case: `counted`, or `refused` with faults that are in order; nothing else may happen."""
    try:
        election = read_case(folder)
        count(election.own_law(), election).to_json()
    except BadInput as refused:
        in_order(refused)
        return "refused"
    return "counted"


def in_order(refused: BadInput) -> None:
    """Check that faults say where, what and what was expected, in lines that fit a screen."""
    assert refused.faults
    for fault in refused.faults:
        assert fault.file, fault
        assert fault.line >= 0, fault
        assert fault.expected, fault
    lines = refused.lines()
    assert len(lines) <= SHOWN + 1
    assert all(len(line) <= LINE_LENGTH and line.isprintable() for line in lines), lines


def save(folder: Folder, where: Path) -> None:
    """Write a folder out, to look at it."""
    where.mkdir(parents=True, exist_ok=True)
    for name, data in folder.files.items():
        (where / name).write_bytes(data)
