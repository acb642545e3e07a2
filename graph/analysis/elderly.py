"""The logic of the official indicator of access to nursing homes, on data and costs at hand.

DREES, *Dossier* 88 (Carrère, Couvert, Missègue, December 2021), and the notice of its data set:
beds within 60 minutes per 100,000 potential residents of 60 and over, where potential residents
are inhabitants times the national share of each age band that lives in such a home, and the
attraction of a bed falls between 0 and 60 minutes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from graph.analysis.catchment import Bands, accessibility
from graph.analysis.frames import Floats

LONGEST_MINUTES = 60.0
PER_PEOPLE = 100_000


def falling(minutes: Floats) -> Floats:
    """Return a weight that falls evenly from 1 at 0 to 0 at 60 minutes.

    The notice says that attraction falls between 0 and 60 minutes, not how: an assumption of ours.
    """
    return np.maximum(0.0, 1 - minutes / LONGEST_MINUTES)


def potential_residents(by_age: pd.DataFrame, rates: Mapping[str, float]) -> pd.Series:
    """Return potential residents: the sum over age bands of inhabitants times the share in homes.

    Parameters
    ----------
    by_age : DataFrame
        Inhabitants; a row a commune, a column an age band.
    rates : mapping of age band to float
        National share of each band that lives in a home, between 0 and 1.

    Raises
    ------
    ValueError
        A rate that is no share, or a band that `by_age` does not have.
    """
    if missing := [band for band in rates if band not in by_age.columns]:
        raise ValueError(f"no inhabitants of the age bands {', '.join(missing)}")
    if wrong := {band: rate for band, rate in rates.items() if not 0 <= rate <= 1}:
        raise ValueError(f"a rate must be a share between 0 and 1: {wrong}")
    counts = by_age[list(rates)]
    if not (counts >= 0).to_numpy().all():
        raise ValueError("inhabitants must be known and not negative")
    return (counts * pd.Series(rates)).sum(axis=1).rename("potential_residents")


def beds_within_an_hour(
    minutes: pd.DataFrame,
    residents: pd.Series,
    beds: pd.Series,
    bands: Bands = falling,
) -> pd.Series:
    """Return beds within 60 minutes per 100,000 potential residents, by origin.

    Parameters
    ----------
    minutes : DataFrame
        Columns ``origin``, ``destination``, ``cost`` in minutes.
    residents : Series
        Potential residents by origin (:func:`potential_residents`), or another population that
        the result is then said to be of.
    beds : Series
        Permanent and temporary places by destination.
    bands : mapping or callable, optional
        The weight of minutes, as in :func:`graph.analysis.catchment.accessibility`.

    Returns
    -------
    Series
        Not the published value: ages, times and the fall of attraction are those given here.
    """
    found = accessibility(minutes, residents, beds, bands, "e2sfca", LONGEST_MINUTES)
    return (found * PER_PEOPLE).rename("beds_per_100000")
