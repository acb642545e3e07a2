"""The official layouts, written with synthetic establishments for the load benchmark.

Every number and name is invented; communes are real ones, so that each check of a loader is met.
Heavy imports stand in the functions: the process that only starts others must stay small, since a
child's record of its largest memory begins with its parent's.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support import synthetic_finess

SITES_PER_ENTITY = 2
"""Of the national JSON feed: about 98,000 legal entities, twice as many establishments."""
COMMUNES_PER_CPTS = 30

Write = Callable[[Path, int], object]


class Layout(NamedTuple):
    """An official layout: its loader, its file name, how it is written, what it is compared with.

    `peer` names the baseline: ``pandas`` (with the separator, encoding and whether the file has a
    header), ``ijson`` (with the prefix of the items), ``calamine``.
    """

    name: str
    source: str
    file: str
    write: Write
    peer: tuple[str, ...]


def classic(path: Path, count: int) -> None:
    """Write a cs1100507 as the last extracts are: UTF-8, establishments then positions."""
    synthetic_finess.write_establishments(path, count)


def classic_latin(path: Path, count: int) -> None:
    """Write a cs1100507 as before 2022: Latin-1."""
    synthetic_finess.write_establishments(path, count, encoding="latin-1")


def classic_headed(path: Path, count: int) -> None:
    """Write the re-exposed copy ``finess_etablissements.csv``: a header, positions beside."""
    from loaders.finess.layout import ESTABLISHMENT, POSITION

    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow([*ESTABLISHMENT[1:], *POSITION[2:5]])
        for index in range(count):
            where = synthetic_finess.position(index)[2:5]
            writer.writerow([*synthetic_finess.establishment(index)[1:], *where])


def feed(path: Path, count: int) -> None:
    """Write the JSON feed of structures, compressed."""
    synthetic_finess.write_feed(path, count // SITES_PER_ENTITY, SITES_PER_ENTITY)


def activities(path: Path, count: int) -> None:
    """Write the JSON feed of activities, compressed: one establishment an entity."""
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write('{"generatedAt": "2026-08-18T00:00:00Z", "pmej": [')
        for index in range(count):
            stream.write("," if index else "")
            json.dump(_activities(index), stream)
        stream.write("]}")


def _activities(index: int) -> dict[str, object]:
    departement, suffix, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    specific = {"activiteSocialeRegulee": "358", "modeFonctionnement": "16", "public": "700"}
    record = {
        "caracteristiquesGeneriques": {
            "activiteAeId": str(index),
            "etatObjet": "A",
            "identifiantAutorisation": f"a{index}",
        },
        "nature": {
            "codeNature": "ASMR",
            "caracteristiquesSpecifiques": {"typeActiviteAMSR": specific},
        },
        "evenement": [{"dateEvenement": "2020-01-01", "codeEvenement": "012"}],
        "capacite": [
            {"nombre": str(index % 90), "statutCapacite": code, "uniteMesureCapacite": "02"}
            for code in ("08", "09")
        ],
        "zoneIntervention": {"communeZI": [{"commune": departement + suffix}]},
    }
    site = {"numFinessEge": f"{departement}{index:07d}", "activitesExercees": [record]}
    return {
        "numFiness": f"{departement}9{index % 10**6:06d}",
        "activitesAutorisees": [],
        "ege": [site],
    }


def sae_id(path: Path, count: int) -> None:
    """Write a SAE table ID: names, legal status, commune."""
    head = "bor;an;fi;rs;rscom;fi_ej;stj;stjr;cat;espic;sir;dep;COMINSEE;ARMT;CPO;LIBCOM"
    _lines(path, head, map(_identity, range(count)))


def _identity(index: int) -> str:
    departement, suffix, city, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    form = synthetic_finess.FORMS[index % len(synthetic_finess.FORMS)]
    number = f"{departement}{index:07d}"
    return (
        f"ID;2023;{number};HÔPITAL SYNTHÉTIQUE {index};;{departement}9{index % 10**6:06d};{form};1;"
        f"355;0;{index:014d};{departement};{departement}{suffix};;{city[:5]};{city[6:]}"
    )


def sae_mco(path: Path, count: int) -> None:
    """Write a SAE table MCO: beds and places."""
    head = "BOR;AN;FI;RS;FI_EJ;LIT_MED;LIT_CHI;LIT_OBS;LIT_MCO;PLA_MED;PLA_CHI;PLA_OBS;PLA_MCO"
    _lines(path, head, map(_beds, range(count)))


def _beds(index: int) -> str:
    departement, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    beds, places = index % 300, index % 40
    number, owner = f"{departement}{index:07d}", f"{departement}9{index % 10**6:06d}"
    return (
        f"MCO;2023;{number};HÔPITAL SYNTHÉTIQUE;{owner};"
        f"{beds};10;5;{beds + 15};{places};3;;{places + 3}"
    )


def prices(path: Path, count: int) -> None:
    """Write the CNSA price list."""
    head = (
        "finessEt;prixHebPermCs;prixHebPermCd;prixHebPermCsa;prixHebPermCda;prixHebTempCs;"
        "prixHebTempCd;prixHebTempCsa;prixHebTempCda;tarifHebJour;"
        "TARIF_GIR_12;TARIF_GIR_34;TARIF_GIR_56"
    )
    _lines(path, head, map(_prices, range(count)))


def _prices(index: int) -> str:
    departement, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    euros = f"{55 + index % 40},{index % 100:02d}"
    return (
        f"{departement}{index:07d};{euros};{euros};{euros};;{euros};;;;35,5;"
        f"2{index % 9},5;14,{index % 90 + 10};6,1"
    )


def cpts(path: Path, count: int) -> None:
    """Write a regional list of CPTS, one row for each CPTS and commune of the region."""
    import xlsxwriter

    from loaders.communes import CommuneIndex

    index = CommuneIndex.bundled()
    codes = [f"13{number:03d}" for number in range(1, 120)]
    communes = [item for item in map(index.by_code, codes) if item]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Synthétique"])
        sheet.write_row(1, 0, ["Nom CPTS", "Territoire CPTS", "dpt", "Contact"])
        for row in range(count):
            commune = communes[row % len(communes)]
            name = f"CPTS Synthétique {row // COMMUNES_PER_CPTS}"
            sheet.write_row(row + 2, 0, [name, commune.name, commune.departement, "x"])


def _lines(path: Path, head: str, lines: Iterator[str]) -> None:
    with path.open("w", encoding="latin-1", newline="") as stream:
        stream.write(f"{head}\n")
        stream.writelines(f"{line}\n" for line in lines)


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "finess-classic",
        "finess",
        "etalab-cs1100507-stock-synthetic.csv",
        classic,
        ("pandas", ";", "utf-8", ""),
    ),
    Layout(
        "finess-classic-latin-1",
        "finess",
        "etalab-cs1100507-stock-2019-synthetic.csv",
        classic_latin,
        ("pandas", ";", "latin-1", ""),
    ),
    Layout(
        "finess-headed",
        "finess",
        "finess_etablissements-synthetic.csv",
        classic_headed,
        ("pandas", ";", "utf-8", "header"),
    ),
    Layout(
        "finess-json",
        "finess",
        "finess-structures-synthetic.json.gz",
        feed,
        ("ijson", "pmej.item"),
    ),
    Layout(
        "activites-json",
        "activites",
        "finess-activites-synthetic.json.gz",
        activities,
        ("ijson", "pmej.item"),
    ),
    Layout("sae-id", "sae", "sae-id-synthetic.csv", sae_id, ("pandas", ";", "latin-1", "header")),
    Layout(
        "sae-mco", "sae", "sae-mco-synthetic.csv", sae_mco, ("pandas", ";", "latin-1", "header")
    ),
    Layout(
        "cnsa-prices",
        "ehpad",
        "cnsa_export_prix_ehpad_202602_synthetic.csv",
        prices,
        ("pandas", ";", "latin-1", "header"),
    ),
    Layout("cpts-list", "cpts", "listing-cpts-synthetic.xlsx", cpts, ("calamine",)),
)
