"""A rule book to start from, for a law that is not shipped."""

from __future__ import annotations

import re
from pathlib import Path

from sailau.rulebook.faults import BadInput, Fault
from sailau.writing import write_whole

_LAW = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/([a-z0-9]+(-[a-z0-9]+)*)")

TEMPLATE = """# The law by which {id} is elected. See docs/tutorial/own-law.md and docs/reference/rule-book.md.
schema = 1

[body]
id = "{id}"
kind = "chamber"                          # chamber, council, office, question or recall
name = {{ en = "{name}" }}                # kk and ru as well, where you have them
from = 2000-01-01                         # first polling day that this book may be applied to
cite = "Act 1"                            # the first word is a key of [sources]

[sources.Act]
title = {{ en = "Election Act" }}
url = ""

# One ballot paper. level = "" makes the whole country one district; level = "district" makes
# every unit of that level in units.csv one.
[[contest]]
id = "list"
ballot = "list"                           # list, candidates or question
level = ""
cite = "Act 2"

# Seats filled by one formula at one level.
[[tier]]
id = "list"
contest = "list"
cite = "Act 3"
seats = {{ value = 100, cite = "Act 3" }}
formula = {{ method = "largest-remainder", quota = "hare", cite = "Act 4" }}
# A provision that changed is a list of versions: `from` is the first polling day that a version governs.
threshold = [
  {{ share = "4%", base = "valid", cite = "Act 5" }},
  {{ from = 2020-01-01, share = "5%", base = "valid", cite = "Act 5, as amended in 2019" }},
]
# What the law says about equal remainders: criteria in order, then lot, repeat-vote, repeat-election or no-rule.
tie = {{ order = ["more-votes"], otherwise = "lot", cite = "Act 6", confidence = "unverified", note = "Not checked yet." }}
"""


def write_law(law: str, folder: Path) -> Path:
    """Write the template for a new law and return its path.

    Raises:
        BadInput: not an id such as xx/chamber, or the file exists.
    """
    match = _LAW.fullmatch(law)
    if match is None:
        raise BadInput([Fault("law new", 0, "", f"“{law}”", "an id such as xx/chamber: a-z, 0-9, single hyphens")])
    path = folder / f"{match.group(2)}.toml"
    if path.exists():
        raise BadInput([Fault(str(path), 0, "", "a file of that name", "a new name, or another folder (--to)")])
    folder.mkdir(parents=True, exist_ok=True)
    name = match.group(2).replace("-", " ").capitalize()
    return write_whole(path, TEMPLATE.format(id=law, name=name))
