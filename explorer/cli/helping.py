"""Help and wrong usage in the reader's language: click itself speaks English only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import click

from explorer.cli.mistakes import WrongUsage, extra, wrong
from explorer.settings import read_settings
from graph.messages import LANGUAGES, catalogue, text


class Spoken(click.Command):
    """A command whose help and mistakes are said in the reader's language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; say what is wrong with them."""
        ctx.allow_extra_args = True  # click would refuse them in English
        written = list(args)  # reading takes them away
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            language = language_of(ctx, written)
            put_in_words(self, ctx, catalogue(language))
            raise wrong(error, ctx, language) from error
        if rest and not self.allow_extra_args and not ctx.resilient_parsing:
            raise extra(rest, ctx, language_of(ctx))
        return rest

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, in words."""
        put_in_words(self, ctx, catalogue(language_of(ctx)))
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        prefix = f"{text('usage.usage', language_of(ctx))} "
        formatter.write_usage(ctx.command_path, pieces, prefix=prefix)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and which of them must be given."""
        must = text("usage.required", language_of(ctx))
        rows = []
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            if isinstance(option, click.Option) and record:
                words = (option.help, must) if option.required else (option.help,)
                rows.append((record[0], " ".join(filter(None, words))))
        with formatter.section(text("usage.options", language_of(ctx))):
            formatter.write_dl(rows)


class SpokenGroup(Spoken, click.Group):
    """A group of commands whose help and mistakes are said in the reader's language."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its help in words; None if there is none of that name."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            put_in_words(found, ctx, catalogue(language_of(ctx)))
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command asked for; an unknown one is answered with those there are."""
        if args and self.get_command(ctx, args[0]) is None:
            known = ", ".join(self.list_commands(ctx))
            message = text("usage.no_such_command", language_of(ctx), value=args[0], allowed=known)
            raise WrongUsage(message, ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whoever stops it reads that it is stopped."""
        try:
            return super().invoke(ctx)
        except (click.Abort, KeyboardInterrupt):
            click.echo(f"\n{text('usage.stopped', language_of(ctx))}", err=True)
            ctx.exit(1)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with all of its help."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.help or "") for name, command in found if command is not None]
        with formatter.section(text("usage.commands", language_of(ctx))):
            formatter.write_dl(rows)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what stands after the name in its usage."""
        self.subcommand_metavar = text("usage.pieces", language_of(ctx))
        return super().collect_usage_pieces(ctx)


def put_in_words(command: click.Command, ctx: click.Context, words: Mapping[str, str]) -> None:
    """Give `command` and its options the help that the catalogue holds for them."""
    name = command.name or ""
    command.help = words.get(f"help.{name}", command.help)
    command.short_help = command.help
    for option in command.params:
        if isinstance(option, click.Option):
            own = words.get(f"help.{name}.{option.name}")
            option.help = own or words.get(f"help.option.{option.name}", option.help)
            if not option.is_flag:
                option.metavar = words.get(f"usage.metavar.{option.type.name}", option.metavar)
    if (asking := command.get_help_option(ctx)) is not None:
        asking.help = words["help.option.help"]


def language_of(ctx: click.Context, unread: Sequence[str] = ()) -> str:
    """Return the language of this run: ``--lang``, read or still `unread`, else the settings'."""
    given = ctx.find_root().params.get("lang")
    written = pairwise(part for word in unread for part in word.split("=", 1))
    named = given or next((to for at, to in written if at == "--lang" and to in LANGUAGES), None)
    return str(named) if named else read_settings().language
