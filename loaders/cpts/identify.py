"""Which known structure a CPTS of a list is: its FINESS number if stated, else its name.

Names are matched with the CPTS that the store knows (FINESS category 604, the reference) in the
same départements. Only a clear match is used. A CPTS that matches none, several, or one that
another CPTS of the list matches too, gets an id of its own, ``cpts:`` and its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from graph.identifiers import split_ref
from graph.model import Structure
from graph.store.port import GraphStore, StructureQuery
from loaders.base import Reporter
from loaders.communes import CommuneIndex
from loaders.cpts.perimeters import Perimeter
from loaders.matching import Match, Named, NameIndex

KIND = "CPTS"
OWN_SOURCES = ("cpts-liste", "cpts-contours")
"""How sources of this loader begin: a CPTS that nobody else knows is not one to match with."""


class _Known(NamedTuple):
    """CPTS known, all together and by département, and the départements of each."""

    everywhere: NameIndex
    by_place: dict[str, NameIndex]
    places: dict[str, set[str]]


def identify(
    perimeters: Sequence[Perimeter], store: GraphStore | None, reporter: Reporter
) -> dict[str, str]:
    """Return the structure id of each CPTS, by its own code.

    Parameters
    ----------
    perimeters : sequence of Perimeter
        Those of one file.
    store : GraphStore or None
        What earlier loads know.
    reporter : Reporter
        Told of the names that were matched, and of those that could mean several.
    """
    known = _known(store)
    matches = {item.code: _match(item, known) for item in perimeters if not item.finess}
    chosen: dict[str, list[str]] = defaultdict(list)
    for code, match in matches.items():
        if match.best is not None:
            chosen[match.best.id].append(code)
    for item in perimeters:
        if item.finess:
            chosen[item.finess].append(item.code)
    return {item.code: _id(item, matches.get(item.code), chosen, reporter) for item in perimeters}


def _id(
    item: Perimeter, match: Match | None, chosen: dict[str, list[str]], reporter: Reporter
) -> str:
    own = f"cpts:{item.code}"
    if item.finess and chosen[item.finess] == [item.code]:
        return item.finess
    if match is None:
        reporter.warn(item.name, "cpts.shared_number", field="finess", value=item.finess)
        return own
    if match.best is not None and chosen[match.best.id] == [item.code]:
        if match.best.score < 100:  # noqa: PLR2004 - the same name
            shown = f"{match.best.name} ({match.best.id})"
            reporter.warn(item.name, "cpts.matched", value=shown, score=round(match.best.score))
        return match.best.id
    if match.best is not None or match.outcome == "ambiguous":
        choices = ", ".join(f"{other.name} ({other.id})" for other in match.candidates)
        reporter.warn(item.name, "cpts.ambiguous", value=item.name, choices=choices)
    return own


def _match(item: Perimeter, known: _Known | None) -> Match:
    """Match the name among all CPTS, where its words weigh what they should, else among its own.

    Only a CPTS of one of the perimeter's départements is accepted.
    """
    if known is None:
        return Match("unknown")
    index = CommuneIndex.bundled()
    communes = (index.by_code(code) for code in item.communes)
    places = dict.fromkeys(
        [item.departement, *(commune.departement for commune in communes if commune)]
    )
    match = known.everywhere.match(item.name, kind=KIND)
    if match.best is not None and not known.places[match.best.id].isdisjoint(places):
        return match
    near = [known.by_place[place] for place in places if place in known.by_place]
    found = [index_here.match(item.name, kind=KIND) for index_here in near]
    clear = {match.best.id: match for match in found if match.best is not None}
    if len(clear) == 1:
        return next(iter(clear.values()))
    doubtful = [match for match in found if match.outcome != "unknown"]
    return doubtful[0]._replace(outcome="ambiguous") if doubtful else Match("unknown")


def _known(store: GraphStore | None) -> _Known | None:
    if store is None:
        return None
    named: list[Named] = []
    by_place: dict[str, list[Named]] = defaultdict(list)
    places: dict[str, set[str]] = {}
    for item in store.structures(StructureQuery(kinds=frozenset({KIND}))):
        if not all(source.startswith(OWN_SOURCES) for source in item.sources):
            named.append(Named(item.id, item))
            places[item.id] = _places(item)
            for place in places[item.id]:
                by_place[place].append(named[-1])
    index = CommuneIndex.bundled()

    def name_of(code: str) -> str | None:
        commune = index.by_code(code)
        return commune.name if commune else None

    here = {place: NameIndex(items, name_of) for place, items in by_place.items()}
    return _Known(NameIndex(named, name_of), here, places)


def _places(item: Structure) -> set[str]:
    """Return the départements of a CPTS: of its seat and of its perimeter."""
    index = CommuneIndex.bundled()
    levels = [split_ref(ref) for ref in item.covers]
    codes = [code for level, code in levels if level == "commune"]
    communes = (index.by_code(code) for code in (item.commune or "", *codes))
    return {commune.departement for commune in communes if commune}
