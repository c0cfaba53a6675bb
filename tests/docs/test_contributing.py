"""The map of the house names every room, in the order in which one may import another."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_map_names_every_room_in_order() -> None:
    layers = (ROOT / ".importlinter").read_text(encoding="utf-8").partition("\nlayers =\n")[2].partition("\n\n")[0]
    floors = re.findall(r"^    \(?([a-z_ :]+)\)?$", layers, re.MULTILINE)
    rooms = [room for floor in reversed(floors) for room in floor.split(" : ")]
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    mapped = re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)
    assert mapped == rooms
