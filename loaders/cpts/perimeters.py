"""What a list or a layer says of one CPTS, and the columns that both are read by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from graph.identifiers import fold, is_finess, slug
from loaders.base import Reporter
from loaders.cpts.stages import STAGE_COLUMNS, Stated
from loaders.partner_lists import Columns
from loaders.territories.bundled import bundled

COLUMNS: Columns = {
    "name": (
        *("nom cpts", "nom de la cpts", "lib cpts", "libelle cpts", "denomination cpts", "cpts"),
        *("cpts nom", "nom du projet", "intitule cpts", "nom", "denomination", "libelle"),
        *("raison sociale", "intitule", "nom struct", "label", "name"),
    ),
    "finess": ("finess", "numero finess", "n finess", "no finess", "num finess", "finess cpts"),
    "departement": (
        *("dpt", "departement", "dep", "dept", "code departement", "code dep", "dep code"),
        *("num dep", "no departement", "insee dep"),
    ),
    "site": ("site internet", "site web", "site"),
    **STAGE_COLUMNS,
}
"""Columns that are read; presidents, coordinators and contacts never are."""

_CPTS = re.compile(
    r"^(?:cpts|communaute professionnelle territoriale de sante)(?:-(?:de-la|des|du|de|d)(?=-))?-"
)


class Perimeter(NamedTuple):
    """One CPTS as its source states it.

    `communes` are the codes covered; `unread` the names that could not be read, so that the
    perimeter is known to be incomplete; `shape` is its own polygon, where the source draws it;
    `rows` counts the rows kept for it.
    """

    name: str
    departement: str
    where: str
    communes: tuple[str, ...]
    stages: tuple[Stated, ...] = ()
    site: str | None = None
    finess: str | None = None
    shape: BaseGeometry | None = None
    unread: tuple[str, ...] = ()
    rows: int = 1

    @property
    def code(self) -> str:
        """Code of its territory, and readable part of its id: name and département."""
        return own_code(self.name, self.departement)


@lru_cache(maxsize=4096)
def own_code(name: str, departement: str) -> str:
    """Return the code of a CPTS by its name and département: ``la-bievre-94``.

    The département keeps apart the CPTS of the same name in different regions.
    """
    words = slug(name.replace("_", " "))
    bare = _CPTS.sub("", words) or words
    return f"{bare}-{departement.lower()}"


def is_name(name: str) -> bool:
    """Tell whether a name says more than that it is a CPTS."""
    return bool(_CPTS.sub("", f"{slug(name)}-").strip("-"))


def departement_code(written: str) -> str | None:
    """Return the code of a département given by code or by name, None if there is none such."""
    text = written.strip().upper()
    code = text.zfill(2) if text.isdigit() else text
    if code in _departements().values():
        return code
    return _departements().get(fold(re.sub(r"^\d\w{1,2}\s*[-–]\s*|\s*\(\w{2,3}\)$", "", written)))


@cache
def _departements() -> Mapping[str, str]:
    return {fold(row.name): row.code for row in bundled().rows if row.level == "departement"}


def site_of(cells: Mapping[str, str]) -> str | None:
    """Return the address of a web site; a mailbox in its place is not kept."""
    text = cells.get("site", "").strip()
    return text if "." in text and "@" not in text and " " not in text else None


def finess_of(cells: Mapping[str, str], where: str, reporter: Reporter) -> str | None:
    """Return the FINESS number stated, None if there is none that is sound."""
    text = cells.get("finess", "").replace(" ", "").upper()
    if text and not is_finess(text):
        reporter.warn(where, "cpts.finess", field="finess", value=text)
        return None
    return text or None
