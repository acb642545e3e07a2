"""Neighbourhoods and chains by brute force over one networkx graph: the oracle of real stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

import networkx as nx

from graph.amendments import as_amended
from graph.dates import earliest, latest
from graph.model import Cooperation, Membership, Structure
from graph.status import standing
from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    Neighbourhood,
    Path,
    PathQuery,
    TieFilter,
)
from graph.vocabulary import COUNTED_STATUSES

Edge = tuple[str, str, str]


class Records(Protocol):
    """What a store shows."""

    def structures(self) -> list[Structure]: ...
    def cooperations(self) -> list[Cooperation]: ...
    def memberships(self) -> list[Membership]: ...


def selected(store: Records, query: CooperationQuery) -> list[Cooperation]:
    everything = store.cooperations()
    amended = everything if query.on is None else as_amended(everything, query.on)
    found = []
    for stated, item in zip(everything, amended, strict=True):
        now = None if query.on is None else standing(item, query.on)
        in_time = query.on is None or (
            now is not None and (not query.statuses or now.status in query.statuses)
        )
        asked = (
            not query.ids or stated.id in query.ids,
            not query.types or stated.type in query.types,
            not query.themes or bool(query.themes & set(stated.themes)),
            not query.parties or bool(query.parties & {p.structure for p in stated.parties}),
        )
        if in_time and all(asked):
            found.append(stated)
    return found


def _held(store: Records, ties: TieFilter) -> tuple[list[Cooperation], list[Membership]]:
    statuses = ties.statuses or (frozenset(COUNTED_STATUSES) if ties.on else frozenset())
    asked = CooperationQuery(on=ties.on, statuses=statuses, themes=ties.themes)
    agreements = selected(store, asked) if "PARTY_TO" in _ways(ties) else []
    memberships = []
    for item in store.memberships() if "MEMBER_OF" in _ways(ties) else ():
        first = item.since and earliest(item.since)
        if _in_time(ties.on, first, item.until and latest(item.until)):
            memberships.append(item)
    return agreements, memberships


def _ways(ties: TieFilter) -> frozenset[str]:
    return ties.ways or frozenset({"PARTY_TO", "MEMBER_OF", "MANAGED_BY"})


def _in_time(on: date | None, first: date | None, last: date | None) -> bool:
    return on is None or ((first is None or first <= on) and (last is None or on <= last))


def _edges(store: Records, ties: TieFilter) -> Iterator[Edge]:
    agreements, memberships = _held(store, ties)
    for item in agreements:
        for party in item.parties:
            yield f"structure:{party.structure}", f"cooperation:{item.id}", "PARTY_TO"
    for member in memberships:
        yield f"structure:{member.member}", f"structure:{member.group}", "MEMBER_OF"
    for one in store.structures() if "MANAGED_BY" in _ways(ties) else ():
        since = one.legal_entity_since and earliest(one.legal_entity_since)
        if one.legal_entity and _in_time(ties.on, since, None):
            yield f"structure:{one.id}", f"structure:{one.legal_entity}", "MANAGED_BY"


def _graph(store: Records, ties: TieFilter) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    for one, other, way in _edges(store, ties):
        graph.add_edge(one, other, key=way)
    return graph


def neighbourhood(store: Records, query: EgoQuery) -> Neighbourhood:
    graph = _graph(store, query.ties)
    centres = {f"structure:{ident}" for ident in query.ids}
    graph.add_nodes_from(centres)
    lengths = nx.multi_source_dijkstra_path_length(graph, centres, weight=None)
    around = sorted(
        (int(length), ref) for ref, length in lengths.items() if 0 < length <= query.depth
    )
    distances = dict.fromkeys(sorted(centres), 0)
    distances |= {ref: length for length, ref in around[: query.limit]}
    agreements, memberships = _held(store, query.ties)
    return Neighbourhood(
        distances=distances,
        structures=tuple(s for s in store.structures() if f"structure:{s.id}" in distances),
        cooperations=tuple(c for c in agreements if f"cooperation:{c.id}" in distances),
        memberships=tuple(
            m
            for m in memberships
            if {f"structure:{m.member}", f"structure:{m.group}"} <= distances.keys()
        ),
        truncated=len(around) > query.limit,
    )


def paths(store: Records, query: PathQuery) -> list[Path]:
    graph = _graph(store, query.ties)
    start, end = f"structure:{query.start}", f"structure:{query.end}"
    if start == end or start not in graph or end not in graph:
        return []
    simple = nx.all_simple_edge_paths(graph, start, end, cutoff=query.longest)
    found = {
        Path(
            nodes=(start, *(step[1] for step in steps)),
            ways=tuple(str(step[2]) for step in steps),
        )
        for steps in simple
    }
    if found and not query.every:
        shortest = min(len(path.ways) for path in found)
        found = {path for path in found if len(path.ways) == shortest}
    return sorted(found, key=lambda path: (len(path.nodes), path.nodes, path.ways))[: query.limit]
