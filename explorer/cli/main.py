"""Entry point of the ``maillage`` command."""

from __future__ import annotations

import click
import msgspec

from explorer.cli import (
    asking,
    changing,
    copying,
    covering,
    exporting,
    fetching,
    loading,
    networking,
    portraying,
    system,
)
from explorer.cli.helping import SpokenGroup
from explorer.cli.mistakes import WrongUsage
from explorer.cli.typed import one_of
from explorer.settings import read_settings
from graph.messages import LANGUAGES

COMMANDS: tuple[click.Command, ...] = (
    loading.load,
    loading.undo,
    loading.template,
    fetching.fetch,
    asking.find,
    asking.sources,
    asking.status,
    networking.network,
    covering.coverage,
    covering.suggest,
    exporting.export,
    portraying.portrait,
    changing.changes,
    copying.copy,
    system.doctor,
    system.app,
)


@click.group(
    cls=SpokenGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--store", default=None, help="Store URL (MAILLAGE_STORE).")
@click.option(
    "--lang",
    type=one_of(LANGUAGES),
    metavar=f"[{'|'.join(LANGUAGES)}]",
    is_eager=True,
    help="Language of messages.",
)
@click.version_option(package_name="maillage")
@click.pass_context
def main(context: click.Context, store: str | None, lang: str | None) -> None:
    """Maillage: explore the cooperation network of a hospital group over its territory."""
    given = {key: value for key, value in (("store", store), ("language", lang)) if value}
    context.obj = msgspec.structs.replace(read_settings(), **given)
    if context.invoked_subcommand is None:
        raise WrongUsage(context.get_help(), context)


for item in COMMANDS:
    main.add_command(item)
