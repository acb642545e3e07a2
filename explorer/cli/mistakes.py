"""Wrong usage in the reader's language, by what click's errors hold and never by what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import click

from explorer.cli.typed import Refused
from graph.messages import text


class WrongUsage(click.UsageError):
    """A command that was not understood, said in the reader's language."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message and where help is to be found on standard error."""
        click.echo(self.message, file=file, err=file is None)


def wrong(error: click.UsageError, ctx: click.Context, language: str) -> WrongUsage:
    """Return what is to be said of `error`, met while the arguments of `ctx` were read."""
    return _helped(_said(error, ctx.command, language), ctx, language)


def extra(values: Sequence[str], ctx: click.Context, language: str) -> WrongUsage:
    """Return what is to be said of arguments that the command does not take."""
    shown = " ".join(values)
    return _helped(text("usage.extra", language, n=len(values), value=shown), ctx, language)


def _helped(said: str, ctx: click.Context, language: str) -> WrongUsage:
    return WrongUsage(f"{said}\n{text('usage.help', language, command=ctx.command_path)}", ctx)


def _said(error: click.UsageError, command: click.Command, language: str) -> str:
    if isinstance(error, click.NoSuchOption):
        return _unknown(error, language)
    if isinstance(error, click.BadOptionUsage):
        return _misused(error.option_name, command, language)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad(error, error.param, language)
    return error.format_message()  # of a kind that our commands do not have


def _unknown(error: click.NoSuchOption, language: str) -> str:
    said = text("usage.no_such_option", language, value=error.option_name)
    if not error.possibilities:
        return said
    near = ", ".join(sorted(error.possibilities))
    return f"{said} {text('usage.near', language, allowed=near)}"


def _misused(name: str, command: click.Command, language: str) -> str:
    """Return what is wrong with an option that was given a value too many or too few."""
    found = next((item for item in command.params if name in item.opts), None)
    is_flag = found is None or (isinstance(found, click.Option) and found.is_flag)
    if is_flag:  # --help is among no command's own
        return text("usage.no_value", language, name=name)
    return f"{text('usage.needs_value', language, name=name)}{_about(found)}"


def _bad(error: click.BadParameter, parameter: click.Parameter, language: str) -> str:
    name = _shown(parameter)
    if isinstance(error, click.MissingParameter):
        kind = f"usage.missing_{parameter.param_type_name}"
        return f"{text(kind, language, name=name)}{_about(parameter)}"
    if isinstance(error, Refused):
        return text(error.key, language, name=name, **error.said)
    return text("usage.bad_value", language, name=name, why=error.message)


def _about(parameter: click.Parameter | None) -> str:
    """Return what an option is for, in the words of its help."""
    words = parameter.help if isinstance(parameter, click.Option) else None
    return f" {words}" if words else ""


def _shown(parameter: click.Parameter) -> str:
    """Return a parameter as it is written: ``--to``, ``SOURCE``."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name.upper()
