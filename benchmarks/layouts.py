"""The official layouts, written with synthetic establishments for the load benchmark.

Every number and name is invented; communes are real ones, so that each check of a loader is met.
Heavy imports stand in the functions: the process that only starts others must stay small, since a
child's record of its largest memory begins with its parent's.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.headings import CNSA_PRICES, SAE_ID, SAE_MCO
from tests.support import synthetic_finess
from tests.support.synthetic_activities import write_activities

SITES_PER_ENTITY = 2
"""Of the national JSON feed: about 98,000 legal entities, twice as many establishments."""
COMMUNES_PER_CPTS = 30

_ACTIVITY = {"JLI": 365, "SEJHC": 80, "SEJ0": 12, "JOU": 290}
"""What a SAE table counts by bed in a year: bed days, stays, stays without a night, days."""

_GROUPS = {"60": "3", "61": "3", "73": "2", "95": "2"}
"""How a SAE table groups legal statuses that are not public: non-profit, commercial."""

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
    """Write the JSON feed of activities, compressed."""
    write_activities(path, count // SITES_PER_ENTITY, SITES_PER_ENTITY)


def sae_id(path: Path, count: int) -> None:
    """Write a SAE table ID as the base has it: names, legal status, address, 70 columns."""
    _table(path, SAE_ID.split(), map(_identity, range(count)))


def _identity(index: int) -> dict[str, object]:
    departement, suffix, city, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    number, owner = _numbers(index)
    return {
        "bor": "ID",
        "an": "2023",
        "fi": number,
        "fi_ej": owner,
        "FIPRE": owner,
        "rs": f"HOPITAL SYNTHETIQUE {index}",
        "RSTET": "" if index % 20 else "Société synthétique",
        "stj": _form(index),
        "stjr": _GROUPS.get(_form(index), "1"),
        "cat": "355",
        "catr": "PNL5",
        "espic": "6",
        "mft": "4",
        "ccr": "1",
        "nat": "0",
        "sir": f"{index:014d}",
        "SIRTET": f"{index:014d}",
        "dep": departement,
        "dep_diff": departement,
        "reg": "11",
        "reg_diff": "11",
        "PROVENANCE": "R",
        "COMINSEE": f"{departement}{suffix}",
        "NOMCOM": city[6:],
        "LIBCOM": city[6:],
        "CPO": city[:5],
        "NUMVOI": index % 200 + 1,
        "TYPVOI": "R",
        "NOMVOI": "DE L EPREUVE",
        "ETAT_SAISIE": "6",
        "FINRAT": owner,
        "VAGUE": "1",
        "CHLEJ0": "0",
        "FILIALE0": "0",
        "DADS_C1": f"{index:09d}",
        "DADS_C2": f"{index:014d}",
        "VAL": "P",
        "RESPREG": "111",
    }


def sae_mco(path: Path, count: int) -> None:
    """Write a SAE table MCO as the base has it: beds, places, stays and days, 41 columns."""
    _table(path, SAE_MCO.split(), map(_beds, range(count)))


def _beds(index: int) -> dict[str, object]:
    beds, places = index % 300, index % 40
    number, owner = _numbers(index)
    lines: dict[str, tuple[object, ...]] = {
        "LIT": (beds, 10, 5, beds + 15),
        "PLA": (places, 3, "", places + 3),
        **{name: (beds * by, 10 * by, 5 * by, (beds + 15) * by) for name, by in _ACTIVITY.items()},
        **dict.fromkeys(("SEJHP", "SEJN", "SEA"), (places * 90, 45, "", places * 90 + 45)),
    }
    figures = {
        f"{name}_{unit}": value
        for name, values in lines.items()
        for unit, value in zip(("MED", "CHI", "OBS", "MCO"), values, strict=True)
    }
    figures["PLAN_MCO"] = figures["PLAN_MED"] = 0
    told = {"BOR": "MCO", "AN": "2023", "FI": number, "FI_EJ": owner}
    return {**figures, **told, "RS": f"HOPITAL SYNTHETIQUE {index}"}


def prices(path: Path, count: int) -> None:
    """Write the CNSA price list: prices a day, what they include, what is charged beside."""
    _table(path, CNSA_PRICES.split(), map(_prices, range(count)))


def _prices(index: int) -> dict[str, object]:
    euros = f"{55 + index % 40},{index % 100:02d}"
    services = {
        f"{name}{rank}": rank % 2 for name in ("PREST", "PRESTSUS") for rank in range(1, 12)
    }
    return {
        **services,
        "finessEt": _numbers(index)[0],
        **dict.fromkeys(("prixHebPermCs", "prixHebPermCd", "prixHebPermCsa"), euros),
        "prixHebTempCs": euros,
        "tarifHebJour": "35,5",
        "AUTRE_PRESTATION_INCLUSE": "Animations, télévision, blanchissage du linge plat",
        "PRIX_LINGE": f"{index % 90 + 10},5",
        "UNITE_PRIX_LINGE": "mois",
        "AUTRES_PRIX_OU_PRESTATIONS": "Coiffeur : 18 euros, repas invité : 12 euros",
        "TARIF_GIR_12": f"2{index % 9},5",
        "TARIF_GIR_34": f"14,{index % 90 + 10}",
        "TARIF_GIR_56": "6,1",
        "DATE_MAJ": f"2026-0{index % 6 + 1}-{index % 28 + 1:02d}",
    }


def _numbers(index: int) -> tuple[str, str]:
    """Return the number of an establishment and of its legal entity."""
    departement, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    return f"{departement}{index:07d}", f"{departement}9{index % 10**6:06d}"


def _form(index: int) -> str:
    return synthetic_finess.FORMS[index % len(synthetic_finess.FORMS)]


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


def _table(path: Path, columns: Sequence[str], rows: Iterable[dict[str, object]]) -> None:
    with path.open("w", encoding="latin-1", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row.get(name, "") for name in columns] for row in rows)


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
        "cnsa_export_prix_ehpad_202606_synthetic.csv",
        prices,
        ("pandas", ";", "latin-1", "header"),
    ),
    Layout("cpts-list", "cpts", "listing-cpts-synthetic.xlsx", cpts, ("calamine",)),
)
