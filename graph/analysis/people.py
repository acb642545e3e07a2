"""People concerned by a kind of service, by commune and by territory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from graph.analysis.service_areas import Atlas
from graph.errors import UsageError
from graph.identifiers import territory_ref
from graph.model import Territory

Basis = Literal["total", "65", "75"]
Population = Literal["concerned", "total", "65", "75"]

FIELDS: Mapping[Basis, str] = {
    "total": "population",
    "65": "population_65",
    "75": "population_75",
}

CONCERNED: Mapping[str, Basis] = dict.fromkeys(
    ("EHPAD", "EHPA", "RESIDENCE", "ACCUEIL_JOUR", "SSIAD", "SAD"), "75"
)
"""Kinds that are read per people of 75 and over (DREES); all others concern everybody."""


class People(NamedTuple):
    """How many people of `basis` live in each commune; None where it is not known.

    `basis` is ``total``, ``65``, ``75``, or the name of a weight of one's own (stays of a
    recruitment table). `asked` differs from it where 65 and over stand in for 75 and over.
    """

    by_commune: Mapping[str, float | None]
    basis: str
    asked: str

    def living_in(self, communes: Iterable[str]) -> float | None:
        """Return how many live in `communes`, None where that of one is not known or none is."""
        counts = [self.by_commune.get(code) for code in communes]
        known = [count for count in counts if count is not None]
        return math.fsum(known) if known and len(known) == len(counts) else None

    def of(self, territory: Territory, communes: Iterable[str]) -> float | None:
        """Return how many live in a territory: as published, else the sum of its communes."""
        stated = getattr(territory, FIELDS[self.basis]) if self.basis in FIELDS else None  # type: ignore[index]
        return float(stated) if stated is not None else self.living_in(communes)


def people_concerned(
    atlas: Atlas, communes: Iterable[str], kind: str, population: Population = "concerned"
) -> People:
    """Return the people of `communes` that a kind concerns.

    Parameters
    ----------
    atlas : Atlas
        Communes with their populations.
    communes : iterable of str
        Codes of all communes that are compared: they are read on one basis.
    kind : str
        Decides who is concerned where `population` is ``concerned``.
    population : {'concerned', 'total', '65', '75'}
        Who is asked about.

    Returns
    -------
    People
        Where 65 and over is known of more of the communes than 75 and over, 65 and over of all of
        them, and `basis` says so: territories are compared on one basis.

    Raises
    ------
    UsageError
        Another population.
    """
    if population != "concerned" and population not in FIELDS:
        allowed = ", ".join(("concerned", *FIELDS))
        raise UsageError("coverage.population", value=population, allowed=allowed)
    asked: Basis = CONCERNED.get(kind, "total") if population == "concerned" else population
    codes = sorted(set(communes))
    found = counts_of(atlas, codes, asked)
    if asked == "75":
        wider = counts_of(atlas, codes, "65")
        if _known(wider) > _known(found):
            return People(wider, "65", asked)
    return People(found, asked, asked)


def _known(counts: Mapping[str, float | None]) -> int:
    return sum(count is not None for count in counts.values())


def counts_of(atlas: Atlas, codes: Iterable[str], basis: Basis) -> dict[str, float | None]:
    """Return how many people of `basis` live in each commune; None where it is not known."""
    known = ((code, atlas.territories.get(territory_ref("commune", code))) for code in codes)
    return {code: getattr(item, FIELDS[basis]) if item else None for code, item in known}
