"""Networks as tables and documents: what ``maillage network`` prints."""

from __future__ import annotations

from typing import TypedDict

import msgspec

from explorer.services.network import NetworkAnswer
from graph.model import Structure
from graph.projection import to_networkx


class NetworkDocument(TypedDict):
    """The JSON document of a network (DESIGN.md section 8)."""

    as_of: str
    focus: str | None
    summary: dict[str, object]
    structures: list[dict[str, object]]
    ties: list[dict[str, object]]


def network_as_json(answer: NetworkAnswer, *, without_focus: bool = False) -> NetworkDocument:
    """Return the network of `answer`, structures and ties sorted by id.

    With `without_focus` the focus set is left out, and with it every tie that passes through it:
    what remains is how partners are tied among themselves.
    """
    network = answer.network
    hidden = network.focus_set if without_focus and network.focus else frozenset()
    kept = sorted(network.structures - hidden)
    ties = [tie for tie in network.ties if tie.a not in hidden and tie.b not in hidden]
    graph = to_networkx(
        msgspec.structs.replace(network, ties=tuple(ties)), answer.structures.values()
    )
    degrees = {key: len(set(graph[key])) if key in graph else 0 for key in kept}
    pairs = {(tie.a, tie.b) for tie in ties}
    return {
        "as_of": network.on.isoformat(),
        "focus": network.focus,
        "summary": {
            "nodes": len(kept),
            "ties": len(pairs),
            "isolates": sum(degree == 0 for degree in degrees.values()),
        },
        "structures": [_structure(key, answer, degrees[key]) for key in kept],
        "ties": [
            {
                "a": tie.a,
                "b": tie.b,
                "kind": tie.kind,
                "via": tie.via,
                "through": tie.through,
                "weight": tie.weight,
                "cooperations": list(tie.cooperations),
                "statuses": sorted(
                    {str(network.standings[key].status) for key in tie.cooperations}
                ),
            }
            for tie in ties
        ],
    }


def _structure(key: str, answer: NetworkAnswer, degree: int) -> dict[str, object]:
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
        "degree": degree,
        "sources": list(structure.sources),
    }
