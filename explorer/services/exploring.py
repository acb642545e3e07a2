"""Beyond the network of a focus: neighbours of a structure, and the chains between two.

Both are asked of all ties that count on the date of the selection, under its statuses, themes and
layers, whoever is at the centre.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import pairwise

import msgspec
import networkx as nx

from explorer.services.network import NetworkAnswer, network_of
from graph.model import Record
from graph.projection_graphs import analysis_graph
from graph.store.port import GraphStore, PathQuery
from graph.store.walk import LONGEST, Step, chains

MOST_CHAINS = 40
"""Chains listed at most, the shortest first."""
_PREFIX = "structure:"


class Hop(Record, frozen=True):
    """One step of a chain: the two structures, what ties them, by which agreements.

    `kinds` are ``cooperation``, ``membership`` or ``relay`` (establishment and legal entity, or a
    partner reached through another).
    """

    a: str
    b: str
    kinds: tuple[str, ...]
    cooperations: tuple[str, ...] = ()


class Chain(Record, frozen=True):
    """A chain of structures, and what ties each to the next."""

    nodes: tuple[str, ...]
    hops: tuple[Hop, ...]


class Chains(Record, frozen=True):
    """The chains between two structures; `truncated` tells that there are more than listed."""

    found: tuple[Chain, ...] = ()
    truncated: bool = False


def whole_network(store: GraphStore, answer: NetworkAnswer) -> NetworkAnswer:
    """Return all that is tied on the date of `answer`, whoever is at the centre."""
    asked = msgspec.structs.replace(
        answer.selection, focus=None, kinds=frozenset(), territories=frozenset(), supply=False
    )
    whole = network_of(store, asked)
    if asked.instances:
        return whole
    # A seat in a committee is a membership: committees are a layer of their own.
    committees = {key for key, item in whole.structures.items() if item.kind == "INSTANCE"}
    seats = (tie.kind == "membership" and {tie.a, tie.b} & committees for tie in whole.network.ties)
    ties = (tie for tie, seat in zip(whole.network.ties, seats, strict=True) if not seat)
    network = msgspec.structs.replace(whole.network, ties=tuple(ties))
    return msgspec.structs.replace(whole, network=network)


def neighbours(whole: NetworkAnswer, keys: Collection[str]) -> frozenset[str]:
    """Return what is tied to one of `keys`, and `keys` themselves."""
    ties = (tie for tie in whole.network.ties if tie.a in keys or tie.b in keys)
    return frozenset({end for tie in ties for end in (tie.a, tie.b)} | set(keys))


def with_structures(
    answer: NetworkAnswer, whole: NetworkAnswer, wanted: Iterable[str]
) -> NetworkAnswer:
    """Return `answer` with the structures `wanted` beside its own, and the ties to them.

    They are `beyond` the network: the focus set and the partners stay what they are.
    """
    inside = answer.network.structures
    known = whole.structures
    beyond = frozenset(key for key in wanted if key in known) - inside
    if not beyond:
        return answer
    drawn = inside | beyond
    more = (tie for tie in whole.network.ties if not beyond.isdisjoint((tie.a, tie.b)))
    ties = (*answer.network.ties, *(tie for tie in more if drawn.issuperset((tie.a, tie.b))))
    network = msgspec.structs.replace(
        answer.network,
        ties=tuple(sorted(ties, key=lambda tie: (tie.a, tie.b, tie.kind))),
        standings=whole.network.standings | answer.network.standings,
    )
    return msgspec.structs.replace(
        answer,
        network=network,
        structures=known | answer.structures,
        beyond=tuple(sorted(beyond)),
        supply=tuple(key for key in answer.supply if key not in beyond),
    )


def chains_between(
    answer: NetworkAnswer, whole: NetworkAnswer, ends: tuple[str, str], *, every: bool = False
) -> Chains:
    """Return the chains between two structures, the shortest first.

    Parameters
    ----------
    answer, whole : NetworkAnswer
        The network looked at, and all that is tied (:func:`whole_network`).
    ends : tuple of str
        Ids of the two structures.
    every : bool
        Also the chains that are one step longer than the shortest.
    """
    graph = _between(answer, whole)
    if ends[0] not in graph or ends[1] not in graph:
        return Chains()
    query = PathQuery(start=ends[0], end=ends[1], longest=LONGEST, limit=MOST_CHAINS + 1)
    found = chains(query, partial(_beside, graph))
    if every and found:
        longest = len(found[0].nodes)
        more = msgspec.structs.replace(query, every=True, longest=longest)
        found = chains(more, partial(_beside, graph))
    listed = [_chain(graph, [_plain(node) for node in path.nodes]) for path in found]
    return Chains(tuple(listed[:MOST_CHAINS]), truncated=len(listed) > MOST_CHAINS)


def _between(answer: NetworkAnswer, whole: NetworkAnswer) -> nx.Graph[str]:
    """Return all ties, with whom each structure of the network looked at is reached through."""
    network = msgspec.structs.replace(
        whole.network,
        focus_set=whole.network.structures | answer.network.structures,
        partners=answer.network.partners,
    )
    structures = whole.structures | answer.structures
    return analysis_graph(network, structures.values(), relays=True)


def _beside(graph: nx.Graph[str], refs: Collection[str]) -> Iterator[Step]:
    for ref in refs:
        for other in graph[_plain(ref)]:
            yield Step(ref, "", f"{_PREFIX}{other}")


def _plain(ref: str) -> str:
    return ref.removeprefix(_PREFIX)


def _chain(graph: nx.Graph[str], nodes: list[str]) -> Chain:
    hops = []
    for a, b in pairwise(nodes):
        tie = graph.edges[a, b]
        hops.append(Hop(a, b, tuple(tie["kinds"]), tuple(tie["cooperations"])))
    return Chain(tuple(nodes), tuple(hops))
