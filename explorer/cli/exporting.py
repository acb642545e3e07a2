"""The command that writes files: the network of a selection, in the format of the extension."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click
import msgspec

from explorer.cli.common import command, opened, say, settings
from explorer.cli.selecting import filtered, selection_of
from explorer.exports.options import COVERAGE, SEPARATORS, TABLES, Options
from explorer.exports.registry import FORMATS, Format, format_of
from explorer.exports.saving import check_place, is_folder, save
from explorer.figures.paper import ORIENTATIONS, PAGES, THEMES
from explorer.figures.spec import FIGURE_IDS, MARKS, FigureSpec
from graph.errors import UsageError
from graph.vocabulary import LEVELS

if TYPE_CHECKING:
    from explorer.services.exporting import Request
    from explorer.services.view import Language


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@filtered
@click.option("--title", default=None, help="title of the file; a good one is proposed")
@click.option("--format", "formats", multiple=True, help="for a folder: which files to write in it")
@click.option("--table", default="structures", help=f"for csv: {', '.join(TABLES)}")
@click.option("--separator", default=";", help="for csv: ; (French Excel) or ,")
@click.option("--figure", default="territoire", help=f"of a sheet: {', '.join(FIGURE_IDS)}")
@click.option(
    "--of", default=None, help="a structure, territory or measure that the figure is about"
)
@click.option("--level", default=None, help=f"territories of a figure: {', '.join(LEVELS)}")
@click.option("--page", default="16:9", help=", ".join(page[0] for page in PAGES))
@click.option("--orientation", default="landscape", help=", ".join(ORIENTATIONS))
@click.option("--colours", default="light", help=", ".join(THEMES))
@click.option("--dpi", default=200, show_default=True, help="of a png: 72 to 600")
@click.option("--logo", default=None, help="an image file, PNG or JPEG")
@click.option("--mark", default=None, help=", ".join(MARKS))
@click.option("--with-coverage", default=None, help=f"one more table: {', '.join(LEVELS)}")
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
    figure: str,
    of: str | None,
    level: str | None,
    page: str,
    orientation: str,
    colours: str,
    dpi: int,
    logo: str | None,
    mark: str | None,
    with_coverage: str | None,
    with_restricted: bool,
    with_persons: bool,
    force: bool,
    **filters: Any,  # noqa: ANN401 - the options of `filtered`
) -> None:
    """Write the partner network to OUT, in the format of its extension."""
    from explorer.exports.naming import checked_title
    from explorer.services.exporting import Request, loaded_files

    wanted = _formats(out, formats)
    options = Options(
        persons=with_persons,
        coverage=_one_of("--with-coverage", with_coverage, LEVELS) if with_coverage else None,
        separator=cast("Literal[';', ',']", _one_of("--separator", separator, SEPARATORS)),
        table=_one_of("--table", table, (*TABLES, COVERAGE) if with_coverage else TABLES),
        figure=FigureSpec(
            kind=_one_of("--figure", figure, FIGURE_IDS),
            page=_one_of("--page", page, tuple(item[0] for item in PAGES)),
            orientation=_one_of("--orientation", orientation, ORIENTATIONS),
            theme=_one_of("--colours", colours, THEMES),
            dpi=dpi,
            logo=logo,
            mark=_one_of("--mark", mark, MARKS) if mark else None,
        ),
        of=of,
        level=_one_of("--level", level, LEVELS) if level else None,
    )
    worded = checked_title(title)
    with opened(ready=True) as store:
        check = partial(check_place, precious=loaded_files(store), force=force)
        if not is_folder(out):
            check(out)
        selection = selection_of(store, filters)
        request = Request(
            store=store,
            selection=msgspec.structs.replace(selection, restricted=with_restricted),
            options=options,
            language=cast("Language", settings().language),
            behind=settings().territories,
            title=worded,
        )
        for form in wanted:
            _write(request, out, form, check)
        _warn(request)


def _write(request: Request, out: Path, form: Format, check: Callable[[Path], None]) -> None:
    """Write one file and print where it is; what was there is replaced, and said."""
    from explorer.services.exporting import target_of

    content = form.write(request)
    target = target_of(out, request, form)
    check(target)
    replaced = target.exists()
    save(content, target)
    if replaced:
        say("export.replaced", file=str(target))
    click.echo(str(target))


def _warn(request: Request) -> None:
    """Say what is not in the file, and who may not get it."""
    from explorer.exports.notes import remarks
    from explorer.services.exporting import has_partners

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
