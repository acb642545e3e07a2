"""Who offers a kind of service on a day, and with what capacity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date

from graph.dates import earliest, latest
from graph.model import Structure

KIND_ACTIVITIES: Mapping[str, frozenset[str]] = {"HAD": frozenset({"had"})}
"""Activities that make a structure of another kind one that offers this kind: more than half of
the holders of the HAD authorisation are hospitals (DOMAIN.md)."""

_LODGING = (
    ("places_hebergement",),
    ("places_hebergement_permanent", "places_hebergement_temporaire"),
)
_BEDS = (("lits_mco", "lits_smr", "lits_psychiatrie", "lits_usld"),)

CAPACITIES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "EHPAD": _LODGING,
    "EHPA": (*_LODGING, ("logements_hebergement_permanent",)),
    "RESIDENCE": (("places_residence_autonomie",), ("logements_residence_autonomie",), *_LODGING),
    "ACCUEIL_JOUR": (("places_accueil_jour",),),
    "SSIAD": (("places_ssiad",),),
    "HAD": (("places_had",),),
    "HOPITAL": _BEDS,
    "CLINIQUE": _BEDS,
}
"""What is counted as the capacity of a kind: the first alternative of which anything is stated,
its numbers added. A kind that is not here has no capacity in any source."""

LARGEST_CAPACITY = 5_000
"""Places of one structure above which a number is taken for a typing error."""


def offers(
    structures: Iterable[Structure], kind: str, on: date, activity: str | None = None
) -> list[Structure]:
    """Return the structures that offer `kind` on day `on`, each once, by id.

    Parameters
    ----------
    structures : iterable of Structure
        All that may matter.
    kind : str
        A kind of structure; who has an activity of :data:`KIND_ACTIVITIES` offers it as well.
    on : datetime.date
        The day; structures not yet opened or closed on it are left out.
    activity : str, optional
        Keep those that have this activity.

    Returns
    -------
    list of Structure
        A legal entity is left out where one of its establishments is there: one supply, not two.
    """
    other = KIND_ACTIVITIES.get(kind, frozenset())
    found = [
        item
        for item in structures
        if (item.kind == kind or not other.isdisjoint(item.activities))
        and (activity is None or activity in item.activities)
        and is_open(item, on)
    ]
    entities = {item.legal_entity for item in found}
    return sorted((item for item in found if item.id not in entities), key=lambda item: item.id)


def is_open(structure: Structure, on: date) -> bool:
    """Tell whether a structure may be open on day `on`; one without dates always is."""
    return (structure.opened is None or earliest(structure.opened) <= on) and (
        structure.closed is None or on <= latest(structure.closed)
    )


def capacity_of(structure: Structure, kind: str, activity: str | None = None) -> float | None:
    """Return the capacity of a structure as a `kind` (beds or places), None where not known.

    With `activity`, beds and places of that activity. A number that is negative, not finite or
    above :data:`LARGEST_CAPACITY` is not believed: see :func:`doubtful_capacity`.
    """
    stated = _stated(structure, kind, activity)
    return None if stated is None or not 0 <= stated <= LARGEST_CAPACITY else stated


def doubtful_capacity(structure: Structure, kind: str, activity: str | None = None) -> bool:
    """Tell whether a capacity is stated that cannot be believed."""
    stated = _stated(structure, kind, activity)
    return stated is not None and not 0 <= stated <= LARGEST_CAPACITY


def _stated(structure: Structure, kind: str, activity: str | None) -> float | None:
    if activity is not None:
        alternatives: tuple[tuple[str, ...], ...] = ((f"lits_{activity}", f"places_{activity}"),)
    else:
        alternatives = CAPACITIES.get(kind, ())
    for keys in alternatives:
        numbers = [structure.capacity[key] for key in keys if key in structure.capacity]
        if numbers:
            # one absurd part must not hide in the sum
            return math.fsum(numbers) if min(numbers) >= 0 else math.nan
    return None
