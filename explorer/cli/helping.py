"""Help and wrong usage in the reader's language: click itself speaks English only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import click

from explorer.settings import read_settings
from graph.messages import catalogue, text


class WrongUsage(click.UsageError):
    """A command that was not understood, said in the reader's language."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message and where help is to be found on standard error."""
        click.echo(self.message, file=file, err=file is None)


class Translated(click.Group):
    """A group of commands whose help and mistakes are said in the reader's language."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its help in words; None if there is none of that name."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            put_in_words(found, ctx, catalogue(_language(ctx)))
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command asked for; an unknown one is answered with those there are."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = ", ".join(self.list_commands(ctx))
            message = text("usage.no_such_command", _language(ctx), value=args[0], allowed=known)
            raise WrongUsage(message, ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the group itself in words."""
        put_in_words(self, ctx, catalogue(_language(ctx)))
        super().format_help(ctx, formatter)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401 - passed on
        """Read the options of the group itself."""
        with said(read_settings().language):
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Read the command and its options, and run it."""
        with said(_language(ctx)):
            return super().invoke(ctx)


def put_in_words(command: click.Command, ctx: click.Context, words: Mapping[str, str]) -> None:
    """Give `command` and its options the help that the catalogue holds for them."""
    name = command.name or ""
    command.help = words.get(f"help.{name}", command.help)
    command.short_help = command.help
    for option in command.params:
        if isinstance(option, click.Option):
            own = words.get(f"help.{name}.{option.name}")
            option.help = own or words.get(f"help.option.{option.name}", option.help)
    if (asking := command.get_help_option(ctx)) is not None:
        asking.help = words["help.option.help"]


@contextmanager
def said(language: str) -> Iterator[None]:
    """Say a command that click does not understand in `language`."""
    try:
        yield
    except WrongUsage:
        raise
    except click.UsageError as error:
        raise WrongUsage(_message(error, language), error.ctx) from error


def _message(error: click.UsageError, language: str) -> str:
    path = error.ctx.command_path if error.ctx else "maillage"
    said = error.format_message()
    if isinstance(error, click.NoSuchOption):
        said = text("usage.no_such_option", language, value=error.option_name)
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        said = text("usage.missing", language, name=_shown(error.param))
    elif isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.opts[-1] if error.param.opts else error.param.name
        said = text("usage.bad_value", language, name=name, why=error.message)
    return f"{said}\n{text('usage.help', language, command=path)}"


def _shown(parameter: click.Parameter) -> str:
    """Return a parameter as it is written: ``--to``, ``SOURCE``."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name.upper()


def _language(ctx: click.Context) -> str:
    given = ctx.find_root().params.get("lang")
    return str(given) if given else read_settings().language
