"""Communes in no perimeter of a kind, one, several: as a map, as rows, as a list of holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from explorer.services.coverage import CoverageAnswer, perimeters_of
from explorer.services.coverage_words import people_words
from explorer.services.portrait_reference import count_of
from explorer.services.view_tables import Row
from explorer.viewmodel.choropleth import Choropleth, MapClass, areas_of, sheet_of
from explorer.wording import joined
from graph.analysis.people import Basis
from graph.analysis.perimeters import PerimeterCover
from graph.analysis.service_areas import service_rule
from graph.identifiers import territory_ref
from graph.messages import text

TIMES = ("none", "one", "several", "unknown")
MOST_DRAWN = 3000
"""Communes that a browser draws without waiting."""

_COLOURS = {"none": "#C65A11", "one": "#B5D0E6", "several": "#0B548F", "unknown": "#FFFFFF"}
_NAMED = 3


def perimeter_kinds(answer: CoverageAnswer) -> list[str]:
    """Return the kinds asked about that serve a perimeter or a zone."""
    return [kind for kind in answer.question.kinds if service_rule(kind) != "place"]


def times_of(covers: Sequence[PerimeterCover], answer: CoverageAnswer) -> dict[str, str]:
    """Return how many perimeters hold each commune: none, one, several, or not known.

    In none is known only where every structure of the région states its perimeter, as in the table.
    A commune of several territories is known where any of them is.
    """
    atlas = answer.read.ground.atlas
    found = {code: "unknown" for item in covers for code in atlas.communes(item.territory)}
    for item in covers:
        doubtful = unstated(item, answer) > 0
        for times, codes in item.communes.items():
            if times != "none" or not doubtful:
                found |= dict.fromkeys(codes, times)
    return dict(sorted(found.items()))


def unstated(item: PerimeterCover, answer: CoverageAnswer) -> int:
    """Return how many structures of the same région state no perimeter: a hole may be theirs."""
    return next(
        (
            row.unstated
            for row in answer.table.rows
            if (row.territory, row.kind) == (item.territory, item.kind)
        ),
        0,
    )


def perimeter_map(answer: CoverageAnswer, kind: str, language: str) -> Choropleth | None:
    """Return the map of the communes by perimeters of `kind`.

    None where no commune has a polygon, or there are more than :data:`MOST_DRAWN`.
    """
    covers = perimeters_of(answer.read, [kind])
    times = times_of(covers, answer)
    atlas = answer.read.ground.atlas
    territories = [atlas[territory_ref("commune", code)] for code in times]
    sheet = sheet_of(territories) if len(territories) <= MOST_DRAWN else None
    if sheet is None:
        return None
    holders = _holders(covers)
    names = {item.id: item.name or item.id for item in answer.read.situation.structures}
    keys = {territory_ref("commune", code): found for code, found in times.items()}
    words = {
        territory_ref("commune", code): _words(
            answer, code, found, _named(holders, code, names), language
        )
        for code, found in times.items()
    }
    areas, height = areas_of(territories, sheet, keys, words)
    return Choropleth(
        height=height,
        areas=areas,
        classes=_classes(times, language),
        missing=tuple(item.name or item.code for item in territories if item.geometry is None),
    )


def _holders(covers: Sequence[PerimeterCover]) -> dict[str, tuple[str, ...]]:
    return {code: ids for item in covers for code, ids in item.holders.items()}


def _named(holders: Mapping[str, Sequence[str]], code: str, names: Mapping[str, str]) -> list[str]:
    return [names.get(ident, ident) for ident in holders.get(code, ())]


def _classes(times: Mapping[str, str], language: str) -> tuple[MapClass, ...]:
    counts = {key: sum(found == key for found in times.values()) for key in TIMES}
    return tuple(
        MapClass(
            key=key,
            label=text(f"perimeter.held_{key}", language),
            colour=_COLOURS[key],
            count=counts[key],
            hatched=key == "unknown",
        )
        for key in TIMES
        if counts[key]
    )


def _words(
    answer: CoverageAnswer, code: str, times: str, holders: Sequence[str], language: str
) -> str:
    atlas = answer.read.ground.atlas
    ref = territory_ref("commune", code)
    said = [atlas[ref].name or code, text(f"perimeter.held_{times}", language)]
    if holders:
        said.append(joined(list(holders[:_NAMED]), language))
    said.append(people_words(count_of(atlas, ref, "total"), "total", language))
    return ", ".join(said)


def perimeter_rows(answer: CoverageAnswer, kinds: Sequence[str], language: str) -> list[Row]:
    """Return one row a kind and commune: how many perimeters hold it, whose, and its people."""
    names = {item.id: item.name or item.id for item in answer.read.situation.structures}
    atlas = answer.read.ground.atlas
    rows: list[Row] = []
    for kind in kinds:
        covers = perimeters_of(answer.read, [kind])
        holders = _holders(covers)
        basis = cast("Basis", covers[0].basis) if covers else "total"
        for code, times in times_of(covers, answer).items():
            ref = territory_ref("commune", code)
            rows.append(
                {
                    "kind": kind,
                    "commune": code,
                    "name": atlas[ref].name,
                    "perimeters": None if times == "unknown" else len(holders.get(code, ())),
                    "state": text(f"perimeter.held_{times}", language),
                    "holders": ", ".join(_named(holders, code, names)),
                    "population": count_of(atlas, ref, basis),
                    "population_basis": basis,
                }
            )
    return rows
