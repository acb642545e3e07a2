"""What structures are coloured and sized by, read from a network: groups and measures in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import pandas as pd

from explorer.services.analysis import graph_of
from explorer.services.network import NetworkAnswer
from explorer.viewmodel.model import ViewModel, ViewNode
from explorer.viewmodel.styling import Groups, Measure
from graph.analysis import metric, said_value
from graph.analysis.communities import communities
from graph.analysis.simple import read
from graph.analysis.watch import SILENT
from graph.messages import text
from graph.store.port import GraphStore, TerritoryQuery
from graph.vocabulary import Status

_STRENGTH = (Status.IN_FORCE, Status.RENEWED, Status.EXPIRED_APPLIED, Status.ATTESTED, *Status)
_LEVELS = ("arrondissement:", "departement:")


def groups_of(
    store: GraphStore, view: ViewModel, answers: Sequence[NetworkAnswer], colour: str
) -> Groups:
    """Return what the structures of `view` are coloured by.

    Parameters
    ----------
    store : GraphStore
        Asked for the territories of communes.
    view : ViewModel
        What is drawn.
    answers : sequence of NetworkAnswer
        The networks drawn, the one looked at first; measures are of that one alone.
    colour : {'community', 'status', 'theme', 'territory'}
        One of :data:`explorer.canvas_state.COLOURS` but the kind.
    """
    language = view.language
    finders: Mapping[str, Callable[[], dict[str, str]]] = {
        "community": lambda: _communities(view, answers[0]),
        "status": lambda: _statuses(view),
        "theme": lambda: _themes(view, answers),
        "territory": lambda: _territories(store, view, answers),
    }
    ordered = [text(f"status.{item}", language) for item in dict.fromkeys(_STRENGTH)]
    return Groups(
        title=text(f"canvas.colour.{colour}", language),
        of=finders[colour](),
        none=text(f"canvas.group_none.{colour}", language),
        rest=text("canvas.group_rest", language),
        order=ordered if colour == "status" else (),
    )


def measure_of(view: ViewModel, measures: pd.DataFrame, size: str) -> Measure:
    """Return the measure `size` of the structures of `view`, in words.

    A legal entity drawn in the place of its main establishment has the greater value of the two.
    """
    item, language = metric(size), view.language
    column = measures[size].astype(float)
    known = {str(key): float(value) for key, value in column.items()}
    found = {}
    for node in view.nodes:
        values = [known[key] for key in (node.id, *node.stands_for) if known.get(key, -1.0) >= 0]
        if values:
            found[node.id] = max(values)
    return Measure(
        title=item.name(language),
        of=found,
        said=partial(_said, size, language),
        yes_no=item.unit == "yes_no",
    )


def _said(size: str, language: str, value: float | None) -> str:
    # Thirds of a large number are said whole: the legend shows an order of size.
    whole = value is not None and value >= 10 and not value.is_integer()  # noqa: PLR2004
    return said_value(size, float(round(value)) if whole and value else value, language)


def _communities(view: ViewModel, answer: NetworkAnswer) -> dict[str, str]:
    simple = read(graph_of(answer))
    tied = simple.degree > 0
    label = communities(simple, SILENT)
    numbers = {
        str(node): int(label[at]) + 1 for at, node in enumerate(simple.nodes) if bool(tied[at])
    }
    found = {}
    for node in view.nodes:
        number = next((numbers[key] for key in (node.id, *node.stands_for) if key in numbers), None)
        if number is not None:
            found[node.id] = text("canvas.community", view.language, number=number)
    return found


def _statuses(view: ViewModel) -> dict[str, str]:
    return {
        node.id: text(f"status.{status}", view.language)
        for node in view.nodes
        if (status := next((item for item in _STRENGTH if item in node.statuses), None))
    }


def _themes(view: ViewModel, answers: Sequence[NetworkAnswer]) -> dict[str, str]:
    """Return the most frequent theme of each partner's agreements, of equals the first by name."""
    found: dict[str, str] = {}
    for node in view.nodes:
        counts = Counter(
            theme
            for answer in answers
            for key in _agreements(node, answer)
            for theme in set(answer.cooperations[key].themes)
        )
        if counts:
            found[node.id] = min(counts, key=lambda theme: (-counts[theme], theme))
    return found


def _agreements(node: ViewNode, answer: NetworkAnswer) -> tuple[str, ...]:
    held = (answer.network.partners.get(key) for key in (node.id, *node.stands_for))
    return tuple(dict.fromkeys(key for item in held if item for key in item.cooperations))


def _territories(
    store: GraphStore, view: ViewModel, answers: Sequence[NetworkAnswer]
) -> dict[str, str]:
    """Return the arrondissement of each structure's commune, else its département."""
    communes = {}
    for node in view.nodes:
        records = (answer.structures.get(node.id) for answer in answers)
        commune = next((item.commune for item in records if item and item.commune), None)
        if commune:
            communes[node.id] = f"commune:{commune}"
    within = {ref: _upper(parents) for ref, parents in _parents(store, communes.values()).items()}
    wanted = frozenset(ref for ref in within.values() if ref)
    names = _names(store, wanted)
    return {
        key: names[upper]
        for key, ref in communes.items()
        if (upper := within.get(ref)) and upper in names
    }


def _upper(parents: Sequence[str]) -> str | None:
    return next((ref for level in _LEVELS for ref in parents if ref.startswith(level)), None)


def _parents(store: GraphStore, refs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    wanted = frozenset(refs)
    found = store.territories(TerritoryQuery(ids=wanted)) if wanted else []
    return {item.id: tuple(item.parents) for item in found}


def _names(store: GraphStore, refs: frozenset[str]) -> dict[str, str]:
    found = store.territories(TerritoryQuery(ids=refs)) if refs else []
    return {item.id: item.name or item.id for item in found}
