"""The command that writes files: figures, packs and data of a selection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click
import msgspec

from explorer.cli.common import command, opened, progress_bar, say, settings
from explorer.cli.drawing import asked_in_vain, drawn, look_of, subject_of
from explorer.cli.helping import Spoken
from explorer.cli.selecting import filtered, selection_of
from explorer.cli.typed import FILE
from explorer.exports.options import COVERAGE, SEPARATORS, TABLES, Options
from explorer.exports.registry import FORMATS, Format, format_of
from explorer.exports.saving import check_place, is_folder, save
from graph.analysis.watch import Watch
from graph.errors import UsageError
from graph.vocabulary import LEVELS

if TYPE_CHECKING:
    from explorer.selection import Selection
    from explorer.services.exporting import Request
    from explorer.services.view import Language

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells say it."""


@click.command(cls=Spoken)
@click.argument("out", type=FILE)
@filtered
@drawn
@click.option("--title", default=None, help="title of the file; a good one is proposed")
@click.option("--format", "formats", multiple=True, help="for a folder: which files to write in it")
@click.option("--table", default="structures", help=f"for csv: {', '.join(TABLES)}")
@click.option("--separator", default=";", help="for csv: ; (French Excel) or ,")
@click.option("--with-coverage", default=None, help=f"one more table: {', '.join(LEVELS)}")
@click.option("--with-instances", is_flag=True, help="with committees")
@click.option("--with-contacts", is_flag=True, help="with regular contacts")
@click.option(
    "--with-supply", is_flag=True, help="with structures of the kinds that are no partner"
)
@click.option("--without-inherited", is_flag=True, help="without partners reached by attachment")
@click.option("--with-restricted", is_flag=True, help="with agreements marked restreint")
@click.option("--with-persons", is_flag=True, help="with the columns that may name a person")
@click.option("--force", is_flag=True, help="write over a file that was loaded")
@command
def export(
    out: Path,
    title: str | None,
    formats: tuple[str, ...],
    table: str,
    separator: str,
    with_coverage: str | None,
    with_restricted: bool,
    with_persons: bool,
    force: bool,
    **asked: Any,  # noqa: ANN401 - filters, layers, and the options of `drawn`
) -> None:
    """Write the partner network to OUT, in the format of its extension."""
    from explorer.exports.naming import checked_title
    from explorer.services.exporting import Request, loaded_files

    wanted = _formats(out, formats)
    _check_drawn(wanted, asked)
    options = Options(
        persons=with_persons,
        coverage=_one_of("--with-coverage", with_coverage, LEVELS) if with_coverage else None,
        separator=cast("Literal[';', ',']", _one_of("--separator", separator, SEPARATORS)),
        table=_one_of("--table", table, (*TABLES, COVERAGE) if with_coverage else TABLES),
    )
    worded = checked_title(title)
    with opened(ready=True) as store:
        check = partial(check_place, precious=loaded_files(store), force=force)
        if not is_folder(out):
            check(out)
        selection = selection_of(store, asked)
        request = Request(
            store=store,
            selection=_layered(selection, asked, restricted=with_restricted),
            options=options,
            language=cast("Language", settings().language),
            behind=settings().territories,
            title=worded,
            subject=subject_of(store, asked),
            look=look_of(asked),
        )
        for form in wanted:
            _write(request, out, form, check)
        _warn(request, wanted)


def _write(request: Request, out: Path, form: Format, check: Callable[[Path], None]) -> None:
    """Write one file and print where it is; what was there is replaced, and said."""
    from explorer.services.exporting import target_of

    target = target_of(out, request, form)
    check(target)
    content = _content(request, form, target)
    replaced = target.exists()
    save(content, target)
    if replaced:
        say("export.replaced", file=str(target))
    click.echo(str(target))


def _layered(selection: Selection, asked: Mapping[str, Any], *, restricted: bool) -> Selection:
    """Return the selection with the layers that the page has as switches."""
    return msgspec.structs.replace(
        selection,
        inherit=not asked["without_inherited"],
        instances=asked["with_instances"],
        contacts=asked["with_contacts"],
        supply=asked["with_supply"],
        restricted=restricted,
    )


def _content(request: Request, form: Format, target: Path) -> bytes:
    """Return what is to be written; a pack shows how far it is, and can be interrupted."""
    if not form.drawn or request.subject.pack is None:
        return form.write(request)
    try:
        with progress_bar() as progress:
            watch = Watch(progress=progress)
            return form.write(msgspec.structs.replace(request, watch=watch))
    except KeyboardInterrupt:
        say("export.interrupted", file=str(target))
        click.get_current_context().exit(INTERRUPTED)


def _check_drawn(wanted: list[Format], asked: Mapping[str, Any]) -> None:
    """Check that options of figures go with a format that draws, and a template with slides."""
    vain = asked_in_vain(asked)
    forms = [item.extension for item in wanted]
    if vain and not any(item.drawn for item in wanted):
        said = ", ".join(item.extension for item in FORMATS if item.drawn)
        raise UsageError("export.not_drawn", options=", ".join(vain), value=forms[0], allowed=said)
    if asked["template"] and "pptx" not in forms:
        raise UsageError("export.template_for", value=forms[0])


def _warn(request: Request, wanted: list[Format]) -> None:
    """Say what is not in the files, and who may not get them."""
    from explorer.exports.notes import remarks
    from explorer.services.exporting import has_partners

    if all(item.drawn for item in wanted):
        if request.left_out:
            say("export.note.restricted", n=request.left_out)
        return
    if not has_partners(request.material):
        say("export.no_partner")
    for note in remarks(request.material):
        click.echo(note, err=True)


def _formats(out: Path, formats: tuple[str, ...]) -> list[Format]:
    """Return the formats to write: that of the extension, or those asked for in a folder."""
    asked = [format_of(item) for item in formats]
    if is_folder(out):
        if not asked:
            raise UsageError("export.which_format", folder=str(out), allowed=_allowed())
        return asked
    own = format_of(out.suffix) if out.suffix else None
    if own is None:
        raise UsageError("export.no_extension", file=out.name, allowed=_allowed())
    if asked and asked != [own]:
        raise UsageError("export.other_format", file=out.name, value=", ".join(formats))
    return [own]


def _allowed() -> str:
    return ", ".join(item.extension for item in FORMATS)


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        said = " ".join(allowed)
        raise UsageError("unknown_value", option=option, value=value, allowed=said)
    return value
