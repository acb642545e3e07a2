"""Who is in no perimeter (CPTS, DAC), in one, in several; and where the holes are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from graph.analysis.people import people_concerned
from graph.analysis.service_areas import Communes, service_rule
from graph.analysis.situation import Situation, is_registered, kind_offers
from graph.errors import UsageError
from graph.model import Record

Times = Literal["none", "one", "several"]


class PerimeterCover(Record, frozen=True, kw_only=True):
    """How a territory is parted by the perimeters of a kind.

    `communes` are codes by how many perimeters hold them, `people` how many live there (None where
    the population of one is not known), `holders` the structures of each commune that has any. All
    are None or empty where no register of the kind is loaded (`known` is False): a hole cannot
    then be told from what is not loaded. `unstated` are structures without a stated perimeter,
    wherever they sit: a hole may be theirs.
    """

    territory: str
    kind: str
    known: bool
    basis: str
    communes: dict[Times, tuple[str, ...]] = msgspec.field(default_factory=dict)
    people: dict[Times, float | None] = msgspec.field(default_factory=dict)
    holders: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    unstated: tuple[str, ...] = ()


def perimeter_cover(situation: Situation, territory: str, kind: str) -> PerimeterCover:
    """Return the communes and people of a territory in no perimeter of a kind, one, several.

    Parameters
    ----------
    situation : Situation
        What is known on the day.
    territory : str
        A reference.
    kind : str
        A kind that serves a perimeter or a zone.

    Returns
    -------
    PerimeterCover

    Raises
    ------
    UsageError
        A kind that serves from its place, or a kind or territory that is not known.
    """
    offers = kind_offers(situation, kind)
    if service_rule(kind) == "place":
        raise UsageError("coverage.no_perimeter", value=kind)
    communes = situation.atlas.communes(situation.atlas[territory].id)
    people = people_concerned(situation.atlas, communes, kind)
    unstated = tuple(offer.structure.id for offer in offers if offer.communes is None)
    if not is_registered(situation.registers, kind, communes):
        return PerimeterCover(
            territory=territory, kind=kind, known=False, basis=people.basis, unstated=unstated
        )
    holders = _holders(
        ((offer.structure.id, offer.communes) for offer in offers if offer.communes), communes
    )
    parted = _parted(communes, holders)
    return PerimeterCover(
        territory=territory,
        kind=kind,
        known=True,
        basis=people.basis,
        communes=parted,
        people={
            times: people.living_in(codes) if codes else 0.0 for times, codes in parted.items()
        },
        holders=holders,
        unstated=unstated,
    )


def _holders(
    areas: Iterable[tuple[str, Communes]], communes: Communes
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for ident, area in areas:
        for code in area & communes:
            found[code].append(ident)
    return {code: tuple(sorted(found[code])) for code in sorted(found)}


def _parted(
    communes: Communes, holders: Mapping[str, tuple[str, ...]]
) -> dict[Times, tuple[str, ...]]:
    parted: dict[Times, list[str]] = {"none": [], "one": [], "several": []}
    for code in sorted(communes):
        count = len(holders.get(code, ()))
        parted["none" if not count else "one" if count == 1 else "several"].append(code)
    return {times: tuple(codes) for times, codes in parted.items()}
