"""Options that give a polygon file of one's own as the territories of a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click
import msgspec

from explorer.cli.asking import known
from explorer.cli.typed import FILE
from graph.errors import InputError, UsageError
from graph.store.port import GraphStore
from graph.vocabulary import LEVELS

if TYPE_CHECKING:
    from explorer.services.coverage_reading import CoverageQuestion
    from explorer.services.own_polygons import OwnTerritories

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--polygons", type=FILE, help="GeoJSON, GPKG, Shapefile"),
    click.option("--name-column", default=None, help="column of the names of the polygons"),
    click.option("--crs", default=None, help="coordinate system of the file, as EPSG:2154"),
)


def polygon_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a polygon file."""
    return reduce(lambda done, option: option(done), reversed(_OPTIONS), function)


def level_of(level: str | None, filters: dict[str, Any]) -> str:
    """Return the level asked for; polygons of a file are a set of communes each.

    Raises
    ------
    UsageError
        Neither a level nor a file, both, or a level that is none.
    """
    if level is None and filters["polygons"] is None:
        raise UsageError("own.level", allowed=", ".join(LEVELS))
    if level is not None and filters["polygons"] is not None:
        raise UsageError("own.level_and_file", value=level)
    chosen = level or "set"
    known("level", (chosen,), LEVELS)
    return chosen


def own_of(store: GraphStore, filters: dict[str, Any]) -> OwnTerritories | None:
    """Return the territories of the file given, None where none is."""
    from explorer.services.own_polygons import own_territories

    path, name, crs = (filters.pop(each) for each in ("polygons", "name_column", "crs"))
    if path is None:
        if name or crs:
            raise UsageError("own.without_file")
        return None
    if not path.exists():
        raise InputError("file_missing", file=str(path))
    return own_territories(store, path, name, crs)


def with_own(question: CoverageQuestion, own: OwnTerritories | None) -> CoverageQuestion:
    """Return the question asked about the territories of a file, where one was given."""
    return msgspec.structs.replace(question, drawn=own.territories) if own else question
