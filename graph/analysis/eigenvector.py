"""Eigenvector centrality, component by component: partner networks are disconnected."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from graph.analysis.cache import remembered
from graph.analysis.simple import Floats, Simple
from graph.analysis.watch import SILENT, Watch

SMALL = 200
"""Nodes up to which all eigenvectors are computed: quicker there, and exact."""


@remembered
def eigenvector(simple: Simple, watch: Watch = SILENT) -> Floats:
    """Return the leading eigenvector of each component: non-negative, norm 1, isolates 0.

    Bonacich (1972). The leading eigenvalue of a connected graph is simple and its vector has one
    sign (Perron-Frobenius), so the answer is unique.
    """
    found = np.zeros(simple.size)
    order = np.argsort(simple.component, kind="stable")
    ends = np.cumsum(simple.component_sizes)
    for at, members in enumerate(np.split(order, ends[:-1]) if simple.size else []):
        watch.step("eigenvector", at, len(ends))
        if len(members) > 1:
            found[members] = _leading(simple.matrix[members][:, members])
    return found


def _leading(matrix: sparse.csr_array) -> Floats:
    size = matrix.shape[0]
    if size <= SMALL:
        vector = np.linalg.eigh(matrix.toarray())[1][:, -1]
    else:
        start = np.full(size, size**-0.5)
        try:
            vector = eigsh(matrix, k=1, which="LA", v0=start, tol=0, maxiter=50 * size)[1][:, 0]
        except ArpackNoConvergence:
            vector = np.linalg.eigh(matrix.toarray())[1][:, -1]
    vector = np.abs(vector)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float64)
