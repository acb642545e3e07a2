"""Whether ties stay within a group (kind, territory) or cross its border."""

from __future__ import annotations

import numpy as np

from graph.analysis.simple import UNKNOWN, Ints, Simple


def _known(simple: Simple, codes: Ints) -> Ints:
    """Return the groups at both ends of the ties whose two groups are stated."""
    pairs = codes[simple.ends]
    stated: Ints = pairs[(pairs != UNKNOWN).all(axis=1)]
    return stated


def ei_index(simple: Simple, codes: Ints) -> float | None:
    """Return (E - I) / (E + I), external and internal ties (Krackhardt & Stern 1988).

    From -1 (all within) to 1 (all across); ties with an end of unknown group are left out. None
    where no tie is left.
    """
    pairs = _known(simple, codes)
    if not len(pairs):
        return None
    return float(np.where(pairs[:, 0] != pairs[:, 1], 1, -1).mean())


def assortativity(simple: Simple, codes: Ints) -> float | None:
    """Return Newman's assortativity by group (2003); ties of unknown group are left out.

    1 where all ties stay within, 0 where groups do not matter. None where there is no tie, or
    where all ends are in one group.
    """
    pairs = _known(simple, codes)
    if not len(pairs):
        return None
    share = np.bincount(pairs.ravel()) / pairs.size
    inside = float((pairs[:, 0] == pairs[:, 1]).mean())
    expected = float((share**2).sum())
    if len(np.flatnonzero(share)) == 1:
        return None
    return (inside - expected) / (1 - expected)
