"""The map of one kind: territories by state or by a number, with partners and other supply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from explorer.services.accessibility import Accessibility, places_by_thirds, with_neighbours
from explorer.services.coverage import CoverageAnswer, costs_of
from explorer.services.coverage_reading import read_ground
from explorer.services.coverage_words import people_words, state_word, supply_words
from explorer.viewmodel.choropleth import (
    WIDTH,
    Choropleth,
    MapMark,
    Role,
    Sheet,
    areas_of,
    number_classes,
    sheet_of,
    state_classes,
)
from explorer.wording import number_in_words
from graph.analysis.coverage import CoverageRow
from graph.analysis.partnership import PARTNER_STATES, STATES
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import kind_offers
from graph.messages import catalogue, text
from graph.store.port import GraphStore

_STATES = (*STATES, "no_supply", "unknown")


def share_covered(row: CoverageRow, answer: CoverageAnswer) -> float | None:
    """Return the share of the people of a row in reach of a partner."""
    found = answer.reached.get((row.kind, row.territory))
    return found.share_covered if found else None


_NUMBERS: Mapping[str, Callable[[CoverageRow, CoverageAnswer], float | None]] = {
    "supply": lambda row, _: row.supply,
    "places_per_1000": lambda row, _: row.places_per_1000,
    "partnership_rate": lambda row, _: row.partnership_rate,
    "share_covered": share_covered,
}
"""How each number is read from a row."""

_SHARES = frozenset({"partnership_rate", "share_covered"})


def places_of(store: GraphStore, answer: CoverageAnswer, kind: str) -> Accessibility:
    """Return the places in reach of each territory, neighbours among those who share them.

    Raises
    ------
    UsageError
        A question without a radius or time.
    """
    times, limit = costs_of(answer.question, answer.times)
    asked = with_neighbours(answer.question, times, limit)
    return places_by_thirds(read_ground(store, asked), asked, times, kind, limit)


def map_of(
    answer: CoverageAnswer,
    kind: str,
    measure: str,
    language: str,
    places: Accessibility | None = None,
) -> Choropleth | None:
    """Return the map of `kind`, None where no territory has a polygon.

    `measure` is one of :data:`explorer.cover_state.MEASURES`; ``access`` takes `places`.
    """
    rows = {row.territory: row for row in answer.rows if row.kind == kind}
    atlas = answer.read.ground.atlas
    territories = [atlas[ref] for ref in rows]
    sheet = sheet_of(territories)
    if sheet is None:
        return None
    if measure == "state":
        states = {ref: row.state for ref, row in rows.items()}
        said = {state: state_word(state, language) for state in _STATES}
        classes, keys = state_classes(states, said)
    else:
        values = _values(answer, measure, rows, places)
        writer = partial(_written, measure in _SHARES, language)
        classes, keys = number_classes(values, _templates(language), writer)
    words = {ref: area_words(row, language) for ref, row in rows.items()}
    areas, height = areas_of(territories, sheet, keys, words)
    return Choropleth(
        height=height,
        areas=areas,
        classes=classes,
        marks=_marks(answer, kind, sheet, height),
        missing=tuple(item.name or item.code for item in territories if item.geometry is None),
        scale=sheet.scale,
        epsg=sheet.epsg,
    )


def _values(
    answer: CoverageAnswer,
    measure: str,
    rows: Mapping[str, CoverageRow],
    places: Accessibility | None,
) -> Mapping[str, float | None]:
    """Return the number of each territory, None where it is not known."""
    if measure != "access":
        return {ref: _NUMBERS[measure](row, answer) for ref, row in rows.items()}
    known = {row.territory: row.supply for row in places.rows} if places else {}
    if places and places.why == "nobody":
        known = dict.fromkeys(rows, 0.0)
    return {ref: known.get(ref) for ref in rows}


def area_words(row: CoverageRow, language: str) -> str:
    """Return what a territory says: its name, its state, supply and people."""
    parts = (
        row.name or row.territory,
        state_word(row.state, language),
        supply_words(row, language),
        people_words(row.population, row.basis, language),
    )
    return ", ".join(part for part in parts if part)


def _templates(language: str) -> dict[str, str]:
    said = {key: catalogue(language)[f"coverage.page.class_{key}"] for key in ("one", "range")}
    return {**said, "unknown": state_word("unknown", language)}


def _written(share: bool, language: str, value: float) -> str:  # noqa: FBT001 - bound by partial
    if share:
        return text("coverage.page.percent", language, value=f"{100 * value:.0f}")
    return number_in_words(round(value, 1), language)


def _marks(answer: CoverageAnswer, kind: str, sheet: Sheet, height: float) -> tuple[MapMark, ...]:
    """Return partners, and the other supply of the territories; of a zone or perimeter, nobody."""
    if service_rule(kind) != "place":
        return ()
    found = []
    for offer in kind_offers(answer.read.situation, kind, answer.question.activity):
        item, partner = offer.structure, offer.state in PARTNER_STATES
        if item.longitude is None or item.latitude is None:
            continue
        x, y = sheet.at(item.longitude, item.latitude)
        inside = item.commune in answer.read.ground.communes
        if (inside or partner) and 0 <= x <= WIDTH and 0 <= y <= height:
            role: Role = "partner" if partner else "supply"
            found.append(MapMark(id=item.id, x=x, y=y, words=item.name or item.id, role=role))
    return tuple(sorted(found, key=lambda mark: (mark.role != "supply", mark.id)))
