"""A small election of stations, and its log with keys that are always the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sailau.election import Election, open_case
from sailau.integrity.founding import Keys, make_keys, publish
from sailau.integrity.log import Log

ORIGIN = "log.example/kurultai"
PARTIES = ("alma", "bulak", "dala", "zhuldyz")


def write_election(folder: Path, stations: int = 12, seed: int = 1) -> Path:
    """Write a case of one list contest in two regions, every figure of every station consistent."""
    chance = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text('law = "kz/kurultai"\nday = 2026-08-23\ntitle.en = "Sample"\n', encoding="utf-8")
    rows = ["party,name_en,number,registered", *(f"{p},{p.title()},{n},2026-07-0{n}" for n, p in enumerate(PARTIES, 1))]
    (folder / "parties.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    units = ["unit,parent,level", "east,,region", "west,,region"]
    units += [f"s{n:05d},{'east' if n % 2 else 'west'},precinct" for n in range(stations)]
    (folder / "units.csv").write_text("\n".join(units) + "\n", encoding="utf-8")
    lines = ["unit,contest,item,count"]
    for n in range(stations):
        votes = chance.multinomial(int(chance.integers(200, 900)), [0.5, 0.3, 0.14, 0.06])
        invalid, unused, away = (int(x) for x in chance.integers(0, 40, 3))
        valid = int(votes.sum())
        cast = valid + invalid
        figures = {"@registered": cast + away, "@received": cast + unused, "@issued": cast, "@cancelled": unused}
        figures |= {"@cast": cast, "@invalid": invalid, "@valid": valid}
        figures |= dict(zip(PARTIES, votes.tolist(), strict=True))
        lines += [f"s{n:05d},list,{item},{count}" for item, count in figures.items()]
    (folder / "returns.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def sample_keys() -> Keys:
    return make_keys(ORIGIN, roots=3, least=2, seed="sample")


def sample_log(folder: Path, stations: int = 12, seed: int = 1) -> tuple[Log, Election, Keys]:
    """Publish the log of a small election below a folder."""
    election = open_case(str(write_election(folder / "case", stations, seed)))
    keys = sample_keys()
    return publish(folder / "log", election, keys, "test"), election, keys
