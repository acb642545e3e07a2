"""Values of the JSON feed: addresses, pairs of numbers, lists of one value."""

from __future__ import annotations

from typing import Any

from graph.identifiers import departement_of_commune
from loaders.finess.positions import WEAK
from loaders.finess.values import Place, clean, insee_place

Record = dict[str, Any]
Pair = tuple[float, float]

ENTITY_NAMES = ("denominationLonguePmSmsse", "denominationPm")
_BAN_LEVELS = {1: "voie", 2: "adresse"}
PAIRS = (("coordonneeX", "coordonneeY"), ("directionLatitude", "directionLongitude"))


def record_of(value: object) -> Record:
    """Return a JSON object, empty where there is something else."""
    return value if isinstance(value, dict) else {}


def records_of(value: object) -> list[Record]:
    """Return a list of JSON objects, empty where there is something else."""
    if not isinstance(value, list):
        return []
    return [item if isinstance(item, dict) else {} for item in value]


def text_of(value: object) -> str | None:
    """Return a value as a clean text, None if it is empty or null."""
    if value is None:
        return None
    return clean(value if isinstance(value, str) else str(value)) or None


def number_of(value: object) -> float | None:
    """Return a value as a number, None if it is none."""
    if value is None:
        return None
    try:
        return float(value)  # type: ignore[arg-type]  # anything else fails and is no number
    except (TypeError, ValueError):
        return None


def pair_of(raw: Record, names: tuple[str, str]) -> Pair | None:
    """Return two fields as numbers, None unless both are."""
    first, second = number_of(raw.get(names[0])), number_of(raw.get(names[1]))
    return None if first is None or second is None else (first, second)


def only_value(value: object) -> str | None:
    """Return the one value of a list, or a plain value; several decide nothing."""
    if isinstance(value, list):
        return text_of(value[0]) if len(value) == 1 else None
    return text_of(value)


def own_address(addresses: object, usage: str) -> Record | None:
    """Return the address of the structure itself among up to 150: by its use, else the first."""
    found = records_of(addresses)
    if len(found) == 1:
        return found[0]
    own = [item for item in found if item.get("usageAdresse") == usage]
    located = [item for item in own if item.get("coordonneesGeographique")]
    return next(iter(located or own or found), None)


def place_of(home: Record | None, number: str) -> Place:
    """Return where a record is; without a known commune, its number names the département."""
    home = home or {}
    code = home.get("cogCommune")
    found = insee_place(code, home.get("codePostal") or "") if code else None
    if found:
        return found
    return Place(None, departement_of_commune(code) if code else _numbered_in(number))


def _numbered_in(number: str) -> str:
    """Return the département where a FINESS number was given: overseas, its fourth digit tells."""
    if number[:2] == "97":
        return f"97{number[3]}"
    return {"9805": "976", "9806": "986"}.get(number[:4], number[:2])


def address_of(home: Record | None) -> str | None:
    """Return an address on one line: street, place, post code and delivery office."""
    if home is None:
        return None
    way = home.get("ligneQuatre") or _way(home)
    city = f"{home.get('codePostal') or ''} {home.get('ligneAcheminement') or ''}"
    lines = (way, home.get("lieuDit"), city)
    return clean(", ".join([line for line in lines if line and line.strip("\\ ")])) or None


def _way(home: Record) -> str:
    names = ("numeroVoie", "complementVoie", "typeVoie", "libelleVoie")
    return " ".join([str(home[name]) for name in names if home.get(name)])


def ban_precision(key: object, score: float | None) -> str:
    """Return the precision that a BAN key shows: commune_street_number, or commune_street."""
    if score is not None and score < WEAK:
        return "inconnue"
    return _BAN_LEVELS.get(str(key or "").count("_"), "inconnue")
