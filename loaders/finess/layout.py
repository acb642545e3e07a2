"""The layouts of FINESS files, told by content and never by name.

The classic files have no header: each line begins with its record type. Column names are those of
the official notice; the re-exposed copies carry them as a header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from loaders import tabular

ESTABLISHMENT = (
    *("structureet", "nofinesset", "nofinessej", "rs", "rslongue", "complrs"),
    *("compldistrib", "numvoie", "typvoie", "voie", "compvoie", "lieuditbp", "commune"),
    *("departement", "libdepartement", "ligneacheminement", "telephone", "telecopie"),
    *("categetab", "libcategetab", "categagretab", "libcategagretab", "siret", "codeape"),
    *("codemft", "libmft", "codesph", "libsph", "dateouv", "dateautor", "maj", "numuai"),
)
"""structureet, in cs1100502 and cs1100507."""

ENTITY = (
    *("structureej", "nofiness", "rs", "rslongue", "complrs", "numvoie", "typvoie", "voie"),
    *("compvoie", "compldistrib", "lieuditbp", "commune", "ligneacheminement"),
    *("departement", "libdepartement", "telephone", "statutjuridique", "libstatutjuridique"),
    *("categetab", "libcategetab", "siren", "codeape", "datecrea"),
)
"""structureej, in cs1100501."""

POSITION = ("geolocalisation", "nofinesset", "coordxet", "coordyet", "sourcecoordet", "datemaj")
"""geolocalisation, the second block of cs1100507."""


class Layout(NamedTuple):
    """One kind of record: its type word, columns, those it must have, and those that are read."""

    word: str
    columns: Sequence[str]
    least: int
    needed: tuple[str, ...]


ESTABLISHMENT_LAYOUT = Layout(
    "structureet",
    ESTABLISHMENT,
    31,  # the last column, numuai, is left out by older files
    (
        *("nofinesset", "nofinessej", "rs", "rslongue", "compldistrib", "numvoie", "typvoie"),
        *(
            "voie",
            "compvoie",
            "lieuditbp",
            "commune",
            "departement",
            "ligneacheminement",
            "categetab",
            "siret",
        ),
        *("codemft", "codesph", "dateouv"),
    ),
)
ENTITY_LAYOUT = Layout(
    "structureej",
    ENTITY,
    23,
    (
        *("nofiness", "rs", "rslongue", "numvoie", "typvoie", "voie", "compvoie", "lieuditbp"),
        *("commune", "ligneacheminement", "departement", "statutjuridique", "datecrea"),
    ),
)
POSITION_LAYOUT = Layout(
    "geolocalisation", POSITION, 5, ("nofinesset", "coordxet", "coordyet", "sourcecoordet")
)
CLASSIC = (ESTABLISHMENT_LAYOUT, ENTITY_LAYOUT, POSITION_LAYOUT)

REQUIRED_ESTABLISHMENT = ("nofinesset", "rs", "commune", "departement", "categetab")
REQUIRED_ENTITY = ("nofiness", "rs", "commune", "departement", "statutjuridique")
"""Columns without which a file with a header is of no use."""


class FileLayout(NamedTuple):
    """What a file is: ``json``, ``classic``, ``establishments`` or ``entities`` (with a header)."""

    path: Path
    kind: str
    delimiter: str = ";"
    header: tuple[str, ...] = ()


def detect(path: Path) -> FileLayout:
    """Tell the layout of `path` from its first lines.

    Raises
    ------
    InputError
        Not a FINESS file; the message names the columns that miss and those that look alike.
    """
    start = tabular.head(path)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        return FileLayout(path, "json")
    lines = tabular.start_lines(path)
    for line in lines:
        typed = re.match(r'"?(?:structureet|structureej|geolocalisation)"?([;,\t|])', line)
        if typed:
            return FileLayout(path, "classic", typed[1])
    filled = [line for line in lines if not re.match(r'"?finess"?[;,\t|]"?etalab"?[;,\t|]', line)]
    return _headed(path, filled[0]) if filled else FileLayout(path, "classic")


def _headed(path: Path, line: str) -> FileLayout:
    delimiter = tabular.find_delimiter(line)
    header = tuple(cell.strip().strip('"').lower() for cell in line.split(delimiter))
    if "nofiness" in header or "statutjuridique" in header:
        tabular.require_columns(header, REQUIRED_ENTITY, path)
        return FileLayout(path, "entities", delimiter, header)
    tabular.require_columns(header, REQUIRED_ESTABLISHMENT, path)
    return FileLayout(path, "establishments", delimiter, header)
