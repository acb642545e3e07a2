"""The command that tells what changed since an older official file: changes."""

from __future__ import annotations

import click

from explorer.cli.asking import NO_FOCUS, as_of_date, first_day
from explorer.cli.common import command, opened, print_json, settings
from explorer.cli.helping import Spoken
from explorer.cli.typed import whole
from explorer.services.change_words import change_rows
from explorer.services.changes import changes_of
from graph.messages import text


@click.command(cls=Spoken)
@click.option("--since", default=None, help="only what a source of this date or later shows")
@click.option("--load", "load_id", type=whole, default=None, help="only what this load changed")
@click.option("--as-of", default=None, help="day of the network (today)")
@click.option("--focus", default=None, help="a structure's id, or none")
@click.option("--json", "as_json", is_flag=True)
@command
def changes(
    since: str | None, load_id: int | None, as_of: str | None, focus: str | None, as_json: bool
) -> None:
    """Say which partners closed, moved, were renamed or changed entity, and which agreements."""
    language = settings().language
    centre = focus or settings().focus
    with opened(ready=True) as store:
        found = changes_of(
            store,
            None if centre == NO_FOCUS else centre,
            as_of_date(as_of),
            language,
            since=None if since is None else first_day(since),
            load=load_id,
        )
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo(text("changes.none", language), err=True)
    for row in change_rows(found, language):
        values = (row["structure"], row["change"], row["before"], row["after"], row["seen"])
        click.echo("\t".join(str(value or "-") for value in values))
        if row["to_look_at"]:
            click.echo(f"\t{text('changes.look_at', language, titles=row['to_look_at'])}")
