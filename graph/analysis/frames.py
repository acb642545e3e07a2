"""Cost tables checked once: pairs of ids with what it costs to go from one to the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

COLUMNS = ("origin", "destination", "cost")


def read_costs(cost: pd.DataFrame, origins: pd.Index, destinations: pd.Index) -> sparse.csr_array:
    """Return the costs of `cost` as a matrix, origins by destinations; NaN is out of reach.

    Raises
    ------
    ValueError
        A column is missing, an id is unknown or empty, a pair stands twice, or a cost is negative.
    """
    if missing := [name for name in COLUMNS if name not in cost.columns]:
        raise ValueError(f"cost has no column {', '.join(missing)}: needs {', '.join(COLUMNS)}")
    rows = _positions(cost["origin"], origins, "origin")
    columns = _positions(cost["destination"], destinations, "destination")
    amount = numbers(cost["cost"], "cost", missing=True)
    shape = len(origins), len(destinations)
    matrix = sparse.coo_array((amount, (rows, columns)), shape=shape).tocsr()
    # a sparse matrix adds up what stands twice: counting sort, where numpy.unique would hash
    if matrix.nnz < len(amount):
        raise ValueError("cost states a pair of origin and destination twice")
    return matrix


def unique_index(ids: pd.Index, name: str) -> pd.Index:
    """Return `ids`; raise ValueError where one stands twice or is empty."""
    if ids.hasnans:
        raise ValueError(f"{name} has an empty id")
    if not ids.is_unique:
        twice = ids[ids.duplicated()].unique().tolist()[:5]
        raise ValueError(f"{name} states an id twice: {twice}")
    return ids


def numbers(values: pd.Series, name: str, *, missing: bool = False) -> Floats:
    """Return `values` as floats; raise ValueError where one is negative, infinite or not stated.

    With `missing`, NaN is allowed, and so is infinity (which is out of any reach).
    """
    try:
        found = values.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is not a number: {error}") from None
    with np.errstate(invalid="ignore"):
        wrong = found < 0 if missing else ~((found >= 0) & np.isfinite(found))
    if wrong.any():
        where = values.index[wrong].tolist()[:5]
        raise ValueError(f"{name} must be known and not negative: see {where}")
    return found


def _positions(ids: pd.Series, known: pd.Index, name: str) -> Integers:
    """Return where each id stands in `known`; categories are looked up once."""
    if isinstance(ids.dtype, pd.CategoricalDtype):
        codes, labels = np.asarray(ids.cat.codes, dtype=np.intp), ids.cat.categories
    else:
        found, names = pd.factorize(ids)
        codes, labels = np.asarray(found, dtype=np.intp), pd.Index(names)
    if (codes < 0).any():
        raise ValueError(f"cost has an empty {name}")
    places = known.get_indexer(labels)
    used = np.bincount(codes, minlength=len(labels)) > 0
    if (lost := used & (places < 0)).any():
        raise ValueError(f"cost names an unknown {name}: {labels[lost].tolist()[:5]}")
    return np.asarray(places[codes] if len(labels) else codes, dtype=np.intp)
