"""Networks as tables and documents: what ``maillage network`` prints."""

from __future__ import annotations

from math import isnan
from typing import TypedDict

import pandas as pd

from explorer.services.analysis import hidden_by, measured
from explorer.services.network import NetworkAnswer
from graph.analysis import Watch
from graph.analysis.watch import SILENT
from graph.messages import text
from graph.model import Structure
from graph.projection import Tie


class NetworkDocument(TypedDict):
    """The JSON document of a network (DESIGN.md section 8)."""

    as_of: str
    focus: str | None
    summary: dict[str, object]
    structures: list[dict[str, object]]
    ties: list[dict[str, object]]
    caveat: str


def network_as_json(
    answer: NetworkAnswer,
    *,
    without_focus: bool = False,
    language: str = "fr",
    watch: Watch = SILENT,
) -> NetworkDocument:
    """Return the network of `answer` with all its measures, structures and ties sorted by id.

    With `without_focus` the focus set is left out, and with it every tie that passes through it:
    what remains is how partners are tied among themselves. Measures read agreements and
    memberships; an inherited tie is listed, and counts in none of them.

    Raises
    ------
    Stopped
        `watch` asked to stop.
    """
    network = answer.network
    found = measured(answer, without_focus=without_focus, watch=watch)
    hidden = hidden_by(answer) if without_focus else frozenset()
    measures = by_index(found.structures)
    return {
        "as_of": network.on.isoformat(),
        "focus": network.focus,
        "summary": {**found.summary, "multiplexity": found.multiplexity},
        "structures": [
            _structure(key, answer) | measures[key] for key in sorted(network.structures - hidden)
        ],
        "ties": [
            _tie(tie, answer) for tie in network.ties if tie.a not in hidden and tie.b not in hidden
        ],
        "caveat": text("analyse.ego", language),
    }


def by_index(frame: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Return the rows of `frame` by index, with None where a measure is not defined."""
    rows = frame.astype(object).to_dict("index")
    return {
        str(key): {
            str(name): None if isinstance(value, float) and isnan(value) else value
            for name, value in row.items()
        }
        for key, row in rows.items()
    }


def _structure(key: str, answer: NetworkAnswer) -> dict[str, object]:
    structure = answer.structures.get(key) or Structure(id=key)
    partner = answer.network.partners.get(key)
    return {
        "id": key,
        "name": structure.name,
        "kind": structure.kind,
        "role": "partner" if partner else "focus" if answer.network.focus else None,
        "via": partner.via if partner else None,
        "through": partner.through if partner else None,
        "commune": structure.commune,
        "longitude": structure.longitude,
        "latitude": structure.latitude,
        "agreements": len(partner.cooperations) if partner else None,
        "sources": list(structure.sources),
    }


def _tie(tie: Tie, answer: NetworkAnswer) -> dict[str, object]:
    standings = answer.network.standings
    return {
        "a": tie.a,
        "b": tie.b,
        "kind": tie.kind,
        "via": tie.via,
        "through": tie.through,
        "weight": tie.weight,
        "cooperations": list(tie.cooperations),
        "statuses": sorted({str(standings[key].status) for key in tie.cooperations}),
    }
