"""Loaders of territories: the bundled ones, finer polygons, population by age, named sets."""

from loaders.territories.official import SPEC
from loaders.territories.population import POPULATION_SPEC
from loaders.territories.sets import SETS_SPEC

__all__ = ["POPULATION_SPEC", "SETS_SPEC", "SPEC"]
