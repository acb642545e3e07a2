"""Answers of the analysis as JSON documents: lists sorted by id, NaN as None."""

from __future__ import annotations

from dataclasses import asdict

from explorer.services.analysis import Situation
from explorer.services.analysis_dates import Compared
from explorer.services.analysis_departure import Departure, Lapse
from explorer.services.network import NetworkAnswer
from explorer.services.tables import by_index

Document = dict[str, object]


def situation_as_json(found: Situation) -> Document:
    """Return partners, ties among them outside us, and who reaches us only through whom."""
    relays = found.relays.cut_off
    ties = found.outside[["a", "b", "cooperations"]].to_dict("records")
    return {
        "direct_partners": sorted(found.direct),
        "inherited_partners": sorted(found.inherited),
        "outside_ties": [{str(name): value for name, value in row.items()} for row in ties],
        "sole_relays": [
            {"id": str(relay), "reached_through_it": sorted(map(str, relays[relay]))}
            for relay in sorted(relays, key=str)
        ],
    }


def departure_as_json(found: Departure) -> Document:
    """Return what a departure does: figures before and after, who is cut off, what is lost."""
    return {
        "structures": list(found.structures),
        "cooperations": list(found.cooperations),
        "before": asdict(found.removal.before),
        "after": asdict(found.removal.after),
        "cut_off": sorted(map(str, found.removal.cut_off)),
        "no_longer_partners": list(found.former),
        "last_of_their_kind": [
            {
                "territory": territory,
                "name": found.places.get(territory),
                "kind": kind,
                "partners": list(partners),
            }
            for (territory, kind), partners in sorted(found.losses.items())
        ],
    }


def lapse_as_json(found: Lapse, answer: NetworkAnswer) -> Document:
    """Return the agreements that end before a day, and what that does (None where nothing ends)."""
    return {
        "before": found.until.isoformat(),
        "agreements": [
            {
                "id": key,
                "title": answer.cooperations[key].title,
                "end": answer.network.standings[key].term,
            }
            for key in found.cooperations
        ],
        "without_stated_end": found.unstated,
        "effect": departure_as_json(found.effect) if found.effect else None,
    }


def comparison_as_json(found: Compared) -> Document:
    """Return what changed between two days: structures, ties, and each measure."""
    changes = found.changes
    return {
        "before": found.before.network.on.isoformat(),
        "after": found.after.network.on.isoformat(),
        "arrived": sorted(map(str, changes.arrived)),
        "left": sorted(map(str, changes.left)),
        "gained": sorted([str(a), str(b)] for a, b in changes.gained),
        "lost": sorted([str(a), str(b)] for a, b in changes.lost),
        "summary": by_index(changes.network),
        "structures": compared_rows(found),
    }


def compared_rows(found: Compared) -> list[Document]:
    """Return one row a structure of either day, sorted by id."""
    rows = by_index(found.changes.structures)
    return [{"id": key, "name": found.name_of(key), **rows[key]} for key in sorted(rows)]
