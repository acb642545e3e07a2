"""GHT (groupements hospitaliers de territoire): who is in which, and who is the support.

Two kinds of file, told by content: the FINESS JSON feed, whose groupings name members and support,
and the lists of the ministry (2017 to 2024, see :mod:`loaders.ght.lists`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.errors import UsageError
from graph.store.port import LoadBatch
from loaders.base import LoadContext, SourceSpec
from loaders.finess.classic import LICENCE
from loaders.ght.feed import read_groups
from loaders.ght.lists import read_list_file
from loaders.partner_lists import file_kind


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read one file that says which legal entities make up the GHT.

    Parameters
    ----------
    paths : sequence of Path
        The FINESS JSON feed, or one list of the ministry.
    context : LoadContext
        `departements` keeps the GHT whose support is there. The store tells which GHT are known,
        so that a list that does not name the support is joined to them by their members.

    Returns
    -------
    LoadBatch
        One claim a GHT, a member named and a membership.

    Raises
    ------
    InputError
        A file that is missing, empty, cut, of another format or with other columns.
    UsageError
        No file, or several: each list stands for itself.
    """
    if len(paths) != 1:
        raise UsageError("ght.one_file", n=len(paths))
    if file_kind(paths[0]) == "json":
        return read_groups(paths[0], context)
    return read_list_file(paths[0], context)


SPEC = SourceSpec(
    id="ght",
    family="ght",
    read=read,
    by_departement=True,
    extensions=(".json", ".json.gz", ".gz", ".xlsx", ".xls", ".ods", ".csv", ".txt"),
    publisher="DGOS, Agence du Numérique en Santé",
    licence=LICENCE,
    address="https://www.data.gouv.fr/datasets/finess-structures-1",
)
