"""What ``maillage coverage --nearest`` and ``--access`` print, and the files of the page."""

from __future__ import annotations

from explorer.services.access import Distances, Nearest, NearestRow, Spread
from explorer.services.access_words import access_notes, distance_notes, unit_words
from explorer.services.accessibility import Accessibility
from explorer.services.accessibility_table import AccessRow
from explorer.services.coverage_documents import travel_as_json
from graph.analysis.access import LIMITS

Document = dict[str, object]

_END = ("id", "name", "km", "minutes", "approximate", "outside")


def distances_as_json(found: Distances, language: str) -> Document:
    """Return the nearest of each commune and the distributions, with what was used."""
    return {
        "travel": travel_as_json(found.times, language),
        "demand": found.question.demand,
        "nearest": nearest_rows(found),
        "distribution": spread_rows(found),
        "caveats": distance_notes(found, language),
    }


def nearest_rows(found: Distances) -> list[Document]:
    """Return a flat record a commune and kind."""
    return [_nearest(row) for row in sorted(found.rows, key=lambda row: (row.commune, row.kind))]


def _nearest(row: NearestRow) -> Document:
    said: Document = {
        "commune": row.commune,
        "name": row.name,
        "kind": row.kind,
        "population": row.population,
        "population_basis": row.basis,
    }
    for side, end in (("partner", row.partner), ("supply", row.supply)):
        said |= {f"{side}_{key}": _end(end, key) for key in _END}
    return said


def _end(end: Nearest | None, key: str) -> object:
    value = getattr(end, key, None)
    return round(value, 3) if isinstance(value, float) else value


def spread_rows(found: Distances) -> list[Document]:
    """Return a flat record a territory, kind and side: shares by band, deciles."""
    unit = found.times.unit
    ordered = sorted(found.spreads, key=lambda each: (each.territory, each.kind, each.side))
    return [_spread(each, unit) for each in ordered]


def _spread(each: Spread, unit: str) -> Document:
    known = each.known
    return {
        "territory": each.territory,
        "name": each.name,
        "kind": each.kind,
        "to": each.side,
        "population": known.people,
        "population_basis": each.basis,
        **{f"within_{limit:g}_{unit}": known.within.get(limit) for limit in LIMITS[unit]},
        **{f"decile_{n}_{unit}": known.deciles.get(n / 10) for n in range(1, 10)},
    }


def access_as_json(found: Accessibility, language: str) -> Document:
    """Return places in reach by territory and by commune, with method, bands, unit and ranks."""
    return {
        "method": found.approach,
        "kind": found.kind,
        "bands": str(found.bands) if found.bands else None,
        "unit": unit_words(found, language),
        "counted": found.counted,
        "per": found.per,
        "population_basis": found.basis,
        "travel": travel_as_json(found.times, language),
        "demand": found.question.demand,
        "rows": [_access(row) for row in found.rows],
        "communes": [_access(row) for row in found.communes],
        "official_rank": [
            {"topic": topic, "period": period, "n": ranked.n, "spearman": ranked.value}
            for topic, (ranked, period) in sorted(found.ranks.items())
        ],
        "caveats": access_notes(found, language),
    }


def _access(row: AccessRow) -> Document:
    return {
        "territory": row.territory,
        "name": row.name,
        "population": row.population,
        "partner": row.partner,
        "supply": row.supply,
        "official": [
            {"topic": fact.topic, "value": fact.value, "unit": fact.unit, "period": fact.date}
            for fact in row.official
        ],
    }


def access_rows(found: Accessibility, language: str) -> list[Document]:
    """Return a flat record a territory, then a commune, of places in reach."""
    topics = sorted({fact.topic for row in _both(found) for fact in row.official})
    return [
        {
            "territory": row.territory,
            "name": row.name,
            "kind": found.kind,
            "method": found.approach,
            "bands": str(found.bands or ""),
            "unit": unit_words(found, language),
            "travel": found.times.by,
            "population": row.population,
            "population_basis": found.basis,
            "partner": row.partner,
            "supply": row.supply,
            **_published(row, topics),
        }
        for row in _both(found)
    ]


def _published(row: AccessRow, topics: list[str]) -> Document:
    held = {fact.topic: fact for fact in row.official}
    said: Document = {}
    for topic in topics:
        fact = held.get(topic)
        said |= {topic: fact and fact.value, f"{topic}_period": fact and fact.date}
    return said


def _both(found: Accessibility) -> list[AccessRow]:
    """Return territories and communes, each once."""
    return list({row.territory: row for row in (*found.rows, *found.communes)}.values())
