"""Any networkx graph, read once as a simple undirected graph in arrays.

Parallel edges and both directions of an arc are one tie, their weights summed; self-loops are
dropped. Every measure works on this reading, so that all of them mean the same graph.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
import numpy.typing as npt
import rustworkx as rx
from scipy import sparse
from scipy.sparse import csgraph

from graph.errors import UsageError

AnyGraph: TypeAlias = "nx.Graph[Any]"
Node = Hashable
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Grouping = str | Mapping[Any, Hashable]

UNKNOWN = -1
"""Code of a node whose group is not stated."""


@dataclass(frozen=True)
class Simple:
    """A simple undirected graph: `ends` has one row a tie, ``ends[:, 0] < ends[:, 1]``, sorted.

    `nodes` are the ids in the order of the graph; all arrays follow that order. `weight` is the
    summed weight of each tie.
    """

    nodes: tuple[Node, ...]
    ends: Ints
    weight: Floats

    @property
    def size(self) -> int:
        """Return the number of nodes."""
        return len(self.nodes)

    @property
    def ties(self) -> int:
        """Return the number of ties."""
        return len(self.ends)

    @cached_property
    def degree(self) -> Ints:
        """Return the number of neighbours of each node."""
        return np.bincount(self.ends.ravel(), minlength=self.size).astype(np.int64)

    @cached_property
    def strength(self) -> Floats:
        """Return the sum of the weights of each node's ties."""
        both = np.concatenate([self.weight, self.weight])
        ends = self.ends.T.ravel()
        return np.bincount(ends, weights=both, minlength=self.size).astype(np.float64)

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """Return the adjacency matrix, unweighted and symmetric."""
        a, b = self.ends.T
        rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
        ones = np.ones(len(rows))
        return sparse.csr_array((ones, (rows, columns)), shape=(self.size, self.size))

    @cached_property
    def engine(self) -> rx.PyGraph[None, None]:
        """Return the graph for rustworkx."""
        graph: rx.PyGraph[None, None] = rx.PyGraph(multigraph=False)
        graph.add_nodes_from([None] * self.size)
        graph.extend_from_edge_list([(a, b) for a, b in self.ends.tolist()])
        return graph

    @cached_property
    def component(self) -> Ints:
        """Return the component of each node, numbered in the order of the nodes."""
        if not self.size:
            return np.zeros(0, dtype=np.int64)
        _, labels = csgraph.connected_components(self.matrix, directed=False)
        return np.asarray(labels, dtype=np.int64)

    @cached_property
    def component_sizes(self) -> Ints:
        """Return the number of nodes of each component."""
        return np.bincount(self.component).astype(np.int64)

    @cached_property
    def digest(self) -> str:
        """Return a key of the ties, the same for every graph that has the same ones."""
        content = blake2b(str(self.size).encode(), digest_size=16)
        content.update(np.ascontiguousarray(self.ends).tobytes())
        return content.hexdigest()

    def position(self, wanted: Iterable[Node]) -> Ints:
        """Return where the nodes `wanted` stand, in the order of the graph, each once.

        Raises
        ------
        UsageError
            One of them is not in the graph.
        """
        asked = dict.fromkeys(wanted)
        index = {node: at for at, node in enumerate(self.nodes)} if asked else {}
        unknown = [node for node in asked if node not in index]
        if unknown:
            raise UsageError("analysis.unknown_node", ids=", ".join(map(str, unknown)))
        return np.array(sorted(index[node] for node in asked), dtype=np.int64)

    def keep(self, kept: Mask) -> Simple:
        """Return the graph on the nodes of `kept`, with the ties among them."""
        new = np.cumsum(kept) - 1
        inside = kept[self.ends].all(axis=1)
        nodes = tuple(node for node, stays in zip(self.nodes, kept.tolist(), strict=True) if stays)
        return Simple(nodes=nodes, ends=new[self.ends[inside]], weight=self.weight[inside])

    def drop(self, gone: Ints) -> Simple:
        """Return the graph without the nodes at the positions `gone`."""
        kept = np.ones(self.size, dtype=bool)
        kept[gone] = False
        return self.keep(kept)


def read(graph: AnyGraph) -> Simple:
    """Return `graph` as a simple undirected graph, in the order of its nodes.

    Parameters
    ----------
    graph : networkx graph
        Graph, DiGraph, MultiGraph or MultiDiGraph; the edge attribute ``weight`` is 1 if absent.
    """
    index = {node: at for at, node in enumerate(graph)}
    edges: Iterable[tuple[Any, Any, float | None]] = graph.edges(data="weight")
    triples = [
        (index[a], index[b], 1.0 if stated is None else float(stated))
        for a, b, stated in edges
        if a != b
    ]
    raw = np.array(triples, dtype=np.float64).reshape(-1, 3)
    ends = np.sort(raw[:, :2].astype(np.int64), axis=1)
    keys, which = np.unique(ends[:, 0] * len(index) + ends[:, 1], return_inverse=True)
    weight: Floats = np.bincount(which, weights=raw[:, 2], minlength=len(keys)).astype(np.float64)
    size = max(len(index), 1)
    return Simple(
        nodes=tuple(index), ends=np.column_stack([keys // size, keys % size]), weight=weight
    )


def arcs(graph: AnyGraph, simple: Simple) -> Ints:
    """Return the arcs of `graph`, one row each; a tie without direction is two arcs."""
    if not graph.is_directed():
        return np.concatenate([simple.ends, simple.ends[:, ::-1]])
    index = {node: at for at, node in enumerate(simple.nodes)}
    pairs = {(index[a], index[b]) for a, b in graph.edges() if a != b}
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def group_values(group: Grouping, *graphs: AnyGraph) -> list[Mapping[Any, Hashable]]:
    """Return the group of each node, for each of `graphs`; absent where none is stated.

    Raises
    ------
    UsageError
        No node of any of them has the attribute `group`.
    """
    if not isinstance(group, str):
        return [group] * len(graphs)
    found: list[Mapping[Any, Hashable]] = [nx.get_node_attributes(graph, group) for graph in graphs]
    if any(len(graph) for graph in graphs) and not any(found):
        raise UsageError("analysis.unknown_attribute", name=group)
    return found


def group_codes(graph: AnyGraph, simple: Simple, group: Grouping) -> Ints:
    """Return the group of each node as a number from 0; :data:`UNKNOWN` where none is stated.

    Raises
    ------
    UsageError
        No node has the attribute `group`.
    """
    (stated,) = group_values(group, graph)
    values = [stated.get(node) for node in simple.nodes]
    codes: dict[Hashable, int] = {}
    found = [
        UNKNOWN if _missing(value) else codes.setdefault(value, len(codes)) for value in values
    ]
    return np.array(found, dtype=np.int64)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))
