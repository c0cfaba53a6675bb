"""The command line: a shell around the rooms. It computes nothing."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line; bad input is one line per fault and exit code 2, never a traceback."""
    # A short process collects no garbage worth the time; a long one still does, now and then.
    gc.set_threshold(200_000, 20, 20)
    # Pydantic would search all installed packages for plugins, a tenth of the start; Sailau uses none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from sailau.cli.app import run

    try:
        code = run()
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
