"""A polygon file as territories of one question: the communes of each, and what to say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from explorer.wording import joined
from graph.errors import InputError
from graph.identifiers import territory_ref
from graph.messages import text
from graph.model import Territory
from graph.store.port import GraphStore, TerritoryQuery
from loaders.territories.own import OwnPolygon, OwnPolygons, read_own

PREFIX = "fichier-"
"""Codes of such territories begin so: none of the store is taken for one of them."""
_CUT = 0.02
"""Share of a commune beyond a border from which on it is cut, and the line not merely rough."""
_NAMED = 6


class OwnTerritories(NamedTuple):
    """Territories made of a file; `empty` hold the middle of no commune, `cut` are communes."""

    read: OwnPolygons
    territories: tuple[Territory, ...]
    empty: tuple[str, ...]
    cut: tuple[str, ...]


class _Ground(NamedTuple):
    """Communes around the polygons: codes, names, outlines and a point inside each."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: np.ndarray
    middles: np.ndarray


def own_territories(
    store: GraphStore, path: Path, name: str | None = None, crs: str | None = None
) -> OwnTerritories:
    """Return the polygons of `path` as territories, each with its communes.

    A commune belongs to the polygon that holds a point inside it (the rule of
    :class:`graph.analysis.service_areas.Atlas`): people and structures are counted by commune.

    Raises
    ------
    InputError
        A file that cannot be used (see :func:`loaders.territories.own.read_own`), or polygons
        that hold the middle of no commune.
    """
    read = read_own(path, name, crs)
    ground = _ground(store, read.polygons)
    found, empty, cut = [], [], set[str]()
    for polygon in read.polygons:
        inside = shapely.contains(polygon.shape, ground.middles)
        cut |= _cut(polygon, ground)
        if inside.any():
            found.append(_territory(polygon, [ground.codes[at] for at in np.flatnonzero(inside)]))
        else:
            empty.append(polygon.name)
    if not found:
        names = ", ".join(empty[:_NAMED])
        raise InputError("own.no_commune", file=read.file, names=names, crs=read.crs)
    return OwnTerritories(read, tuple(found), tuple(empty), tuple(sorted(cut)))


def _ground(store: GraphStore, polygons: Sequence[OwnPolygon]) -> _Ground:
    whole = shapely.union_all([polygon.shape for polygon in polygons])
    around = store.territories(TerritoryQuery(levels=frozenset({"departement"}), geometry=True))
    # one that is not drawn may be anywhere
    near = frozenset(
        item.id
        for item in around
        if not item.geometry or shapely.intersects(shapely.from_wkb(item.geometry), whole)
    )
    asked = TerritoryQuery(levels=frozenset({"commune"}), parents=near, geometry=True)
    communes = [item for item in store.territories(asked) if item.geometry] if near else []
    shapes = shapely.from_wkb(np.array([item.geometry for item in communes], dtype=object))
    return _Ground(
        tuple(item.code for item in communes),
        tuple(item.name or item.code for item in communes),
        shapes,
        shapely.point_on_surface(shapes),
    )


def _cut(polygon: OwnPolygon, ground: _Ground) -> set[str]:
    """Return the communes of which a part lies on the other side of the border of a polygon."""
    shapely.prepare(polygon.shape)
    touched = np.flatnonzero(shapely.intersects(polygon.shape, ground.shapes))
    shared = shapely.area(shapely.intersection(polygon.shape, ground.shapes[touched]))
    shares = shared / shapely.area(ground.shapes[touched])
    return {
        ground.names[at]
        for at, share in zip(touched, shares, strict=True)
        if _CUT < share < 1 - _CUT
    }


def _territory(polygon: OwnPolygon, codes: Sequence[str]) -> Territory:
    code = f"{PREFIX}{polygon.code}"
    return Territory(
        id=territory_ref("set", code),
        level="set",
        code=code,
        name=polygon.name,
        members=tuple(territory_ref("commune", each) for each in sorted(codes)),
        geometry=shapely.to_wkb(polygon.shape),
    )


def own_notes(found: OwnTerritories, language: str) -> list[str]:
    """Return what must be said beside figures by polygon: names, projection, rule, what was cut."""
    read = found.read
    how = "guessed" if read.guessed else "chosen"
    key = how if read.column else "numbered"
    notes = [
        text("own.read", language, file=read.file, n=len(found.territories)),
        text(f"own.{key}", language, column=read.column or "", columns=", ".join(read.columns)),
        text(f"own.{_projection(read)}", language, crs=read.crs, declared=read.declared or ""),
        text("own.rule", language),
    ]
    if found.cut:
        notes.append(text("own.cut", language, n=len(found.cut), names=_some(found.cut, language)))
    if found.empty:
        names = _some(found.empty, language)
        notes.append(text("own.empty", language, n=len(found.empty), names=names))
    rows = (*read.report.rejections, *read.report.warnings)
    return [*notes, *(item.reason(language) for item in rows[:_NAMED])]


def _projection(read: OwnPolygons) -> str:
    if read.declared is None:
        return "crs_guessed"
    return "crs_declared" if read.declared == read.crs else "crs_other"


def _some(names: Sequence[str], language: str) -> str:
    listed = list(names[:_NAMED])
    if more := len(names) - len(listed):
        listed.append(text("coverage.line.more", language, n=more))
    return joined(listed, language)
