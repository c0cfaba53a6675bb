"""Make the fonts of the pictures from the full ones: only the letters that names use, and how wide each is.

    python docs/pictures/fonts.py FOLDER

FOLDER holds DejaVuSans.ttf, DejaVuSans-Bold.ttf (version 2.37) and LICENSE. Kerning is left out, so that the width of a
line is the sum of its letters.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[2] / "src" / "sailau" / "pictures" / "fonts"
LETTERS = (
    (0x20, 0x24F),  # Latin
    (0x2B0, 0x36F),  # marks
    (0x370, 0x3FF),  # Greek
    (0x400, 0x52F),  # Cyrillic with all letters of Kazakh and Mongolian
    (0x10A0, 0x10FF),  # Georgian
    (0x1E00, 0x1EFF),  # more Latin
    (0x2010, 0x205F),  # dashes, quotation marks, spaces
    (0x20A0, 0x20BF),  # currencies
    (0x2116, 0x2122),  # numero, trade mark
    (0x2190, 0x2199),  # arrows
    (0x2212, 0x2265),  # minus, comparisons
    (0x25A0, 0x25CF),  # squares, circles
    (0xFFFD, 0xFFFD),  # what stands for a character that cannot be shown
)
UNITS = 2048
"""Units of a letter's height in these fonts."""


def main(folder: Path) -> None:
    """Write both fonts and the table of widths."""
    letters = [code for first, last in LETTERS for code in range(first, last + 1)]
    widths = {}
    for weight, name in (("regular", "DejaVuSans.ttf"), ("bold", "DejaVuSans-Bold.ttf")):
        font = TTFont(folder / name, recalcTimestamp=False)
        options = Options(hinting=False, layout_features=["ccmp", "mark", "mkmk"], notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=letters)
        subsetter.subset(font)
        assert font["head"].unitsPerEm == UNITS
        font.save(TARGET / name)
        table, advances = font.getBestCmap(), font["hmtx"].metrics
        widths[weight] = {chr(code): advances[glyph][0] for code, glyph in sorted(table.items())}
    lines = (f"{json.dumps(weight)}: {json.dumps(found, ensure_ascii=False)}" for weight, found in widths.items())
    (TARGET / "widths.json").write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")
    shutil.copy(folder / "LICENSE", TARGET / "LICENSE")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
