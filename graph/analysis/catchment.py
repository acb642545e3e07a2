"""Floating-catchment accessibility: 2SFCA, E2SFCA and 3SFCA.

- 2SFCA: Luo & Wang, *Environment and Planning B* 30 (2003), 865-884;
- E2SFCA: Luo & Qi, *Health & Place* 15 (2009), 1100-1107;
- 3SFCA: Wan, Zou & Sternberg, *IJGIS* 26 (2012), 1073-1089.

In all of them the sum over demand of demand times accessibility is the supply that has demand in
reach: nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from graph.analysis.frames import Floats, numbers, read_costs, unique_index

Method = Literal["2sfca", "e2sfca", "3sfca"]
Bands = Mapping[float, float] | Callable[[Floats], Floats]

E2SFCA_BANDS: Mapping[float, float] = {10: 1.0, 20: 0.68, 30: 0.22}
"""Usual weights of the enhanced method, by inclusive limit in minutes (Luo & Qi 2009)."""

THREE_STEP_BANDS: Mapping[float, float] = {10: 0.962, 20: 0.704, 30: 0.377, 60: 0.042}
"""Usual weights of the three-step method, by inclusive limit in minutes (Wan et al. 2012)."""


def accessibility(
    cost: pd.DataFrame,
    demand: pd.Series,
    supply: pd.Series,
    bands: Bands,
    method: Method = "e2sfca",
    max_cost: float | None = None,
) -> pd.Series:
    """Return the supply in reach per unit of demand, by floating catchments.

    Parameters
    ----------
    cost : DataFrame
        Columns ``origin``, ``destination``, ``cost`` (metres or minutes, as `bands`). Pairs that
        are absent or NaN are out of reach. Categorical ids are the quickest.
    demand : Series
        People by origin id.
    supply : Series
        Capacity (beds, places, full-time posts...) by destination id.
    bands : mapping of float to float, or callable
        Inclusive upper limit of each band, in the unit of `cost`, with its weight; or the weight
        as a function of cost. With a mapping, ``2sfca`` takes weight 1 up to the largest limit.
    method : {'e2sfca', '2sfca', '3sfca'}
        In ``3sfca``, demand is first shared among the destinations in proportion to their
        weights, so that neighbours that compete are not counted twice.
    max_cost : float, optional
        Pairs that cost more are out of reach (inclusive limit).

    Returns
    -------
    Series
        Indexed as `demand`, in units of supply per unit of demand; 0 if nothing is in reach.

    Raises
    ------
    ValueError
        Unknown method; an id that is duplicate, empty or unknown; a pair stated twice; a cost,
        demand, supply, limit or weight that is negative or not known.

    Notes
    -----
    With w the weights, P demand, S supply: R_j = S_j / sum_k P_k w_kj and A_i = sum_j R_j w_ij.
    3SFCA: G_ij = w_ij / sum_j w_ij, R_j = S_j / sum_i G_ij w_ij P_i, A_i = sum_j G_ij w_ij R_j.
    """
    if method not in get_args(Method):
        raise ValueError(f"unknown method {method!r}: use one of {', '.join(get_args(Method))}")
    people = numbers(demand, "demand")
    places = numbers(supply, "supply")
    costs = read_costs(
        cost, unique_index(demand.index, "demand"), unique_index(supply.index, "supply")
    )
    flow = _weights(costs, bands, method, max_cost)
    if method == "3sfca":
        flow = _shared(flow)
    crowd = flow.T @ people
    ratio = np.divide(places, crowd, out=np.zeros(len(places)), where=crowd > 0)
    return pd.Series(flow @ ratio, index=demand.index, name="accessibility")


def _weights(
    costs: sparse.csr_array, bands: Bands, method: Method, max_cost: float | None
) -> sparse.csr_array:
    """Return the weight of each pair in reach, demand by supply."""
    farthest = math.inf if max_cost is None else max_cost
    if not farthest >= 0:
        raise ValueError(f"max_cost must not be negative: {max_cost}")
    near = costs.data <= farthest
    if callable(bands):
        weight = _by_function(bands, costs.data[near])
    else:
        weight = _by_band(bands, costs.data[near], flat=method == "2sfca")
    found = costs.copy()
    found.data = np.zeros(len(near))
    found.data[near] = weight
    found.eliminate_zeros()
    return found


def _by_band(bands: Mapping[float, float], cost: Floats, *, flat: bool) -> Floats:
    limits = np.array(sorted(bands), dtype=np.float64)
    weights = np.array([bands[limit] for limit in sorted(bands)], dtype=np.float64)
    if not len(limits):
        raise ValueError("bands has no limit")
    if not ((limits >= 0).all() and np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError(f"limits and weights of bands must not be negative: {dict(bands)}")
    if flat:
        weights = np.ones(len(limits))
    found: Floats = np.append(weights, 0.0)[np.searchsorted(limits, cost, side="left")]
    return found


def _by_function(function: Callable[[Floats], Floats], cost: Floats) -> Floats:
    """Return the weights of `function`, called on all costs at once if it can be."""
    with np.errstate(all="ignore"):
        try:
            found = np.asarray(function(cost), dtype=np.float64)
        except (TypeError, ValueError):
            found = np.array([function(each) for each in cost], dtype=np.float64)
    found = np.broadcast_to(found, cost.shape) if found.ndim == 0 else found
    if found.shape != cost.shape:
        raise ValueError("the function of cost must return one weight for each cost")
    wrong = ~(np.isfinite(found) & (found >= 0))
    if wrong.any():
        raise ValueError(f"the function of cost gives no weight at {cost[wrong][:3].tolist()}")
    return found


def _shared(weights: sparse.csr_array) -> sparse.csr_array:
    """Return G times w: each row's weights, times their share of the row."""
    total = weights.sum(axis=1)
    inverse = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)
    shared = weights.multiply(weights).multiply(inverse[:, np.newaxis])
    return sparse.csr_array(shared)
