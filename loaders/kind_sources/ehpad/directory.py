"""The CNSA directory of establishments for older people: kind, capacity, place."""

from __future__ import annotations

from collections.abc import Mapping

from graph.identifiers import fold
from graph.model import StructureClaim
from loaders.base import Reporter
from loaders.communes import CommuneIndex
from loaders.sae.values import NotACountError, count_of

DIRECTORY_KEY = "noFinesset"

DIRECTORY_COLUMNS = (
    *("title", "capacity", "legal_status", "IsEHPAD"),
    *("coordinates.city", "coordinates.latitude", "coordinates.longitude"),
)
"""What makes the directory of use: a file that states none of one says so."""

KIND_FLAGS = (
    ("IsEHPAD", "EHPAD"),
    ("IsEHPA", "EHPA"),
    ("IsRA", "RESIDENCE"),
    ("IsAJA", "ACCUEIL_JOUR"),
)
"""What the flags say, the first that holds; IsESLD (long stay) is an activity."""

ACTIVITY_FLAGS = (
    ("IsESLD", "soins_longue_duree"),
    ("IsALZH", "accueil_alzheimer"),
    ("IsUHR", "unite_hebergement_renforcee"),
    ("IsPASA", "pole_activites_soins_adaptes"),
    ("IsHAB_AIDE_SOC", "habilitation_aide_sociale"),
)
LEGAL_STATUS_WORDS = (
    ("non lucratif", "non_lucratif"),
    ("commercial", "commercial"),
    ("lucratif", "commercial"),
    ("public", "public"),
)
_TRUE = frozenset({"1", "true", "vrai", "oui", "yes"})
_FRANCE = (-65.0, 56.0, -22.0, 52.0)
"""West, east, south and north of what a French position can be, degrees."""


def directory_claim(
    number: str,
    row: str,
    cells: Mapping[str, str],
    reporter: Reporter,
) -> StructureClaim:
    """Return what a row of the directory states of the establishment `number`."""
    commune = _commune(row, cells, reporter)
    longitude, latitude = _position(row, cells, reporter)
    return StructureClaim(
        id=number,
        source="cnsa-directory",
        locator=f"{DIRECTORY_KEY} {number}",
        level="ET",
        name=cells.get("title") or None,
        kind=next((kind for flag, kind in KIND_FLAGS if _holds(cells, flag)), None),
        legal_status=_legal_status(row, cells, reporter),
        activities=tuple(name for flag, name in ACTIVITY_FLAGS if _holds(cells, flag)),
        commune=commune,
        address=_address(cells),
        longitude=longitude,
        latitude=latitude,
        precision="inconnue" if longitude is not None else None,
        capacity=_capacity(row, cells, reporter),
    )


def _holds(cells: Mapping[str, str], flag: str) -> bool:
    return cells.get(flag, "").strip().casefold() in _TRUE


def _legal_status(row: str, cells: Mapping[str, str], reporter: Reporter) -> str | None:
    said = cells.get("legal_status", "")
    words = fold(said)
    found = next((status for word, status in LEGAL_STATUS_WORDS if word in words), None)
    if words and found is None:
        reporter.warn(row, "kind.legal_status", field="legal_status", value=said)
    return found


def _capacity(row: str, cells: Mapping[str, str], reporter: Reporter) -> dict[str, float]:
    cell = cells.get("capacity", "")
    try:
        count = count_of(cell, "places")
    except NotACountError:
        reporter.reject(row, "kind.capacity", field="capacity", value=cell)
        return {}
    return {"places_hebergement": float(count)} if count else {}


def _commune(row: str, cells: Mapping[str, str], reporter: Reporter) -> str | None:
    city = cells.get("coordinates.city", "")
    if not city:
        return None
    departement = cells.get("coordinates.deptcode") or None
    postal_code = cells.get("coordinates.postcode", "").zfill(5) or None
    index = CommuneIndex.bundled()
    found = index.find(city, departement=departement, postal_code=postal_code)
    if len(found) == 1:
        return found[0].code
    reporter.warn(row, "kind.commune", field="coordinates.city", value=city)
    return None


def _position(
    row: str, cells: Mapping[str, str], reporter: Reporter
) -> tuple[float, float] | tuple[None, None]:
    east, north = cells.get("coordinates.longitude", ""), cells.get("coordinates.latitude", "")
    if not east or not north:
        return None, None
    try:
        longitude, latitude = float(east.replace(",", ".")), float(north.replace(",", "."))
    except ValueError:
        longitude, latitude = 0.0, 0.0
    west, last, south, top = _FRANCE
    if not (west < longitude < last and south < latitude < top and (longitude or latitude)):
        reporter.warn(row, "kind.position", field="coordinates", value=f"{east}, {north}")
        return None, None
    return round(longitude, 6), round(latitude, 6)


def _address(cells: Mapping[str, str]) -> str | None:
    place = f"{cells.get('coordinates.postcode', '')} {cells.get('coordinates.city', '')}".strip()
    return ", ".join(part for part in (cells.get("coordinates.street", ""), place) if part) or None
