"""Synthetic files of the loaders of one kind, bad rows among them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.loaders.subject import Sample
from tests.support.finess_rows import entity, establishment, write


def cms(folder: Path) -> Sample:
    """Return a municipal centre, a dental one, an EHPAD, and a bad number."""
    sites = write(
        folder / "sites.csv",
        establishment("940000001", categetab="124", nofinessej="940900003"),
        establishment("940000002", categetab="124", rs="CDS DENTAIRE INVENTE"),
        establishment("940000003", categetab="500"),
        establishment("94000004", categetab="124"),
    )
    owners = write(folder / "owners.csv", entity("940900003", statutjuridique="03"))
    return Sample(paths=(sites, owners))


def cliniques(folder: Path) -> Sample:
    """Return a commercial and a non-profit private hospital, an EHPAD, and a bad number."""
    sites = write(
        folder / "sites.csv",
        establishment("940000001", categetab="365", nofinessej="940900001", codesph="0"),
        establishment("940000002", categetab="109", nofinessej="940900002", codesph="6"),
        establishment("940000003", categetab="500"),
        establishment("94000004", categetab="365"),
    )
    owners = write(
        folder / "owners.csv",
        entity("940900001", statutjuridique="95"),
        entity("940900002", statutjuridique="61"),
    )
    return Sample(paths=(sites, owners))


def ehpad(folder: Path) -> Sample:
    """Return an EHPAD, an EHPA, a clinic, and a bad number."""
    sites = write(
        folder / "sites.csv",
        establishment("940000001", categetab="500"),
        establishment("940000002", categetab="501"),
        establishment("940000003", categetab="365"),
        establishment("94000004", categetab="500"),
    )
    return Sample(paths=(sites,))


PRICE_COLUMNS = (
    *("finessEt", "prixHebPermCs", "prixHebPermCd", "prixHebPermCsa", "prixHebPermCda"),
    *("prixHebTempCs", "prixHebTempCd", "prixHebTempCsa", "prixHebTempCda", "tarifHebJour"),
    *(f"PREST{rank}" for rank in range(1, 12)),
    *("AUTRE_PRESTATION_INCLUSE", "PRESTSUS1", "PRIX_LINGE", "UNITE_PRIX_LINGE"),
    *(f"PRESTSUS{rank}" for rank in range(2, 12)),
    *("AUTRES_PRIX_OU_PRESTATIONS", "TARIF_GIR_12", "TARIF_GIR_34", "TARIF_GIR_56", "DATE_MAJ"),
)
"""The columns of the raw export, as programs that read it name them."""


def ehpad_prices(folder: Path) -> Sample:
    """Return prices per day, a number without its zero, and a price that is one of a month.

    Free texts hold a stray quote, and a line break between quotes.
    """
    path = folder / "cnsa_export_prix_ehpad_202302_brute.csv"
    rows = (
        {
            "finessEt": "940000001",
            "prixHebPermCs": "58,45",
            "prixHebPermCd": "52.10",
            "prixHebTempCs": "60",
            "tarifHebJour": "35,5",
            "PREST1": "1",
            "AUTRE_PRESTATION_INCLUSE": '"Essai synthétique',
            "TARIF_GIR_12": "21,3",
            "DATE_MAJ": "2023-01-12",
        },
        {
            "finessEt": "10000002",
            "prixHebPermCs": "61,2",
            "AUTRES_PRIX_OU_PRESTATIONS": '"Coiffeur : 18 euros ;\nrepas <b>invité</b>"',
            "TARIF_GIR_12": "19",
        },
        {"finessEt": "940000003", "prixHebPermCs": "1 829,00"},
        {"finessEt": "pas un numéro", "prixHebPermCs": "50"},
    )
    lines = (";".join(row.get(name, "") for name in PRICE_COLUMNS) for row in rows)
    path.write_bytes("\n".join([";".join(PRICE_COLUMNS), *lines, ""]).encode("latin-1"))
    return Sample(paths=(path,))


def ehpad_directory(folder: Path) -> Sample:
    """Return a directory: an EHPAD, one whose capacity is a sentence, one in an unknown commune."""
    place = {"street": "1 rue de l’Essai", "postcode": "94000", "deptcode": "94", "city": "Créteil"}
    records = [
        {
            "noFinesset": "940000001",
            "title": "EHPAD Synthétique",
            "capacity": "80",
            "legal_status": "Privé non lucratif",
            "IsEHPAD": True,
            "IsPASA": "1",
            "coordinates": place | {"latitude": "48.79", "longitude": "2.46"},
        },
        {"noFinesset": "940000002", "title": "Autre", "capacity": "une centaine", "IsEHPAD": True},
        {
            "noFinesset": "940000003",
            "title": "Ailleurs",
            "IsRA": "true",
            "legal_status": "inconnu au bataillon",
            "coordinates": {
                "city": "Atlantide",
                "deptcode": "94",
                "latitude": "0",
                "longitude": "0",
            },
        },
    ]
    path = folder / "annuaire.json"
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return Sample(paths=(path,))
