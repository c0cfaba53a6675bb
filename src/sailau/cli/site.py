"""Commands that show elections to readers: publish, serve."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sailau.cli.app import Case, Json, Set, WithExample, app, print_json
from sailau.cli.screen import say
from sailau.rulebook import BadInput

if TYPE_CHECKING:
    from sailau.site.release import Released


@app.command("publish", cls=WithExample)
def publish_command(
    case: Case,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The site: not there yet, empty, or published before.")],
    changes: Set = None,
    keep: Annotated[int, typer.Option("--keep", min=1, metavar="N", help="Releases that stay for comparison.")] = 3,
    lab: Annotated[
        bool, typer.Option("--lab/--no-lab", help="Let readers try other rules with the same votes.")
    ] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: publish again whenever the case has changed; Ctrl-C ends it.")
    ] = False,
    json: Json = False,
) -> None:
    """Publish an election or a polling day as a static site in three languages, for any web server."""
    from functools import partial

    from sailau.election.case import open_day
    from sailau.rulebook.changes import amend, parse_sets
    from sailau.site.publish import follow, publish

    parsed = parse_sets(changes) if changes else None
    publication = partial(publish, case, out, changes=parsed, kept=keep, lab=lab)
    made = publication()
    if watch:
        _say_released(out, made)
        for event in follow(case, publication):
            if isinstance(event, BadInput):
                print("\n".join(event.lines()), file=sys.stderr)
            elif event.written or event.removed:
                _say_released(out, event)
    if json:
        data = {
            "release": made.folder.name,
            "files": made.files,
            "written": list(made.written),
            "removed": list(made.removed),
        }
        elections = {election.name: election for election in open_day(case)}
        laws = {name: election.own_law() for name, election in elections.items()}
        print_json(data, {n: amend(law, parsed) if parsed else law for n, law in laws.items()}, elections)
        return
    _say_released(out, made)


def _say_released(out: Path, made: Released) -> None:
    changed = (
        f"{len(made.written):,} written, {len(made.removed):,} removed" if made.written or made.removed else "unchanged"
    )
    say(f"{out}: {made.files:,} files, {changed} (release {made.folder.name})", "good")


@app.command("serve", cls=WithExample)
def serve_command(
    case: Case,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; only this machine when left out.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
) -> None:
    """Show the same pages live, from this machine: they follow the case, and readers can ask their own what-ifs."""
    from sailau.site.live import serve

    say(f"http://{host}:{port}/", "good")
    serve(case, host, port)
