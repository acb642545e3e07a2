"""Synthetic files of the loaders on groupings: members of GHT, perimeters of CPTS."""

from __future__ import annotations

import json
from pathlib import Path

import xlsxwriter

from tests.contract.loaders.subject import Sample
from tests.support import synthetic_finess
from tests.support.finess_rows import establishment, write


def _workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def ght_list(folder: Path) -> Sample:
    """Return a list with supports: a number without its zero, one that is none, a row twice."""
    path = _workbook(
        folder / "Liste_GHT_2024.xlsx",
        ("ARS_CODE", "ARS_LIB(C)", "GHT_CODE", "GHT_LIB(C)", "ES_FINESS", "GHT_SUPPORT"),
        ("11", "Île-de-France", "11111", "Essai synthétique Est", "940900001", "O"),
        ("11", "Île-de-France", "11111", "Essai synthétique Est", "940900002", ""),
        ("11", "Île-de-France", "11111", "Essai synthétique Est", "940900002", ""),
        ("84", "Auvergne", "84101", "Essai synthétique Ain", 10900001, "N"),
        ("84", "Auvergne", "84101", "Essai synthétique Ain", "9,4E+08", "?"),
    )
    return Sample(paths=(path,))


def ght_feed(folder: Path) -> Sample:
    """Return a JSON feed with a GHT, one of its members missing."""
    return Sample(paths=(synthetic_finess.write_feed(folder / "feed.json.gz", 2, 3),))


def cpts_list(folder: Path) -> Sample:
    """Return a regional list with persons beside, broken, merged and unknown communes."""
    person = ("Dr Essai Synthétique", "Mme Essai", "essai@exemple.invalid 06 00 00 00 00", "0")
    path = _workbook(
        folder / "Listing CPTS_012026.xlsx",
        ("Essai synthétique",),
        ("Nom CPTS", "Territoire CPTS", "dpt", "Président-e", "Coordonnateur-rice", "Contact"),
        ("CPTS Essai", "Rousset-Serre-Ponèon", "05", *person),
        ("CPTS Essai", "Ristolas", 5, *person),
        ("CPTS Essai", "Atlantide", "05", *person),
        ("CPTS Essai Ville", "Marseille", "13", *person),
        ("CPTS Essai Ville", "Marseille 3e Arrondissement", "13", *person),
    )
    return Sample(paths=(path,))


def cpts_layer(folder: Path) -> Sample:
    """Return a layer without declared projection, and a feature without polygon."""
    square = [[2.44, 48.77], [2.48, 48.77], [2.48, 48.80], [2.44, 48.80], [2.44, 48.77]]
    features = [
        {
            "type": "Feature",
            "properties": {"nom_cpts": "CPTS Essai", "statut": "ACI signé"},
            "geometry": {"type": "Polygon", "coordinates": [square]},
        },
        {"type": "Feature", "properties": {"nom_cpts": "CPTS Sans contour"}, "geometry": None},
    ]
    path = folder / "ambu_cpts.json"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return Sample(paths=(path,))


def cpts_finess(folder: Path) -> Sample:
    """Return a classic file: a CPTS, an establishment that is none, a bad number."""
    path = write(
        folder / "sites.csv",
        establishment("940000001", categetab="604"),
        establishment("940000002", categetab="124"),
        establishment("94000004", categetab="604"),
    )
    return Sample(paths=(path,))
