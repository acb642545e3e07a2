"""Synthetic lines of the classic FINESS files, written by column name."""

from collections.abc import Sequence
from pathlib import Path

from loaders.finess.layout import ENTITY, ESTABLISHMENT

COMMENT = "finess;etalab;93;2026-05-12"


def establishment(number: str = "940000001", **values: str) -> str:
    """Return a line structureet of an invented establishment of Créteil."""
    defaults = {
        "nofinesset": number,
        "nofinessej": "940900001",
        "rs": "ETS INVENTE",
        "rslongue": "ETABLISSEMENT INVENTE",
        "numvoie": "12",
        "typvoie": "R",
        "voie": "DE L'ESSAI",
        "commune": "028",
        "departement": "94",
        "libdepartement": "VAL DE MARNE",
        "ligneacheminement": "94000 CRETEIL",
        "telephone": "0145678901",
        "telecopie": "0145678902",
        "categetab": "500",
        "siret": "12345678901234",
        "codemft": "08",
        "dateouv": "1999-02-28",
        "maj": "2026-01-01",
    }
    return _line(ESTABLISHMENT, defaults | values)


def entity(number: str = "940900001", **values: str) -> str:
    """Return a line structureej of an invented legal entity of Créteil."""
    defaults = {
        "nofiness": number,
        "rs": "EJ INVENTEE",
        "rslongue": "ENTITE JURIDIQUE INVENTEE",
        "numvoie": "1",
        "typvoie": "AV",
        "voie": "DE L'ESSAI",
        "commune": "028",
        "departement": "94",
        "ligneacheminement": "94000 CRETEIL",
        "telephone": "0145678901",
        "statutjuridique": "60",
        "siren": "123456789",
        "datecrea": "2001-01-01",
    }
    return _line(ENTITY, defaults | values)


def position(
    number: str = "940000001",
    east: str = "659757.0",
    north: str = "6854602.0",
    source: str = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Metropole)",
) -> str:
    """Return a line geolocalisation, in Créteil unless told otherwise."""
    return f"geolocalisation;{number};{east};{north};{source};2026-01-01"


def write(path: Path, *lines: str, comment: str = COMMENT, encoding: str = "utf-8") -> Path:
    """Write lines as a classic file."""
    path.write_bytes("".join(f"{line}\n" for line in (comment, *lines) if line).encode(encoding))
    return path


def _line(columns: Sequence[str], values: dict[str, str]) -> str:
    unknown = values.keys() - set(columns)
    if unknown:
        raise KeyError(unknown)
    cells = [columns[0], *(values.get(name, "") for name in columns[1:])]
    return ";".join('"' + c.replace('"', '""') + '"' if set(c) & set(';"') else c for c in cells)
