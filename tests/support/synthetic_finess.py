"""Synthetic FINESS files of any size: invented establishments in the official layouts.

Numbers, names and addresses are made up; communes and their positions are real ones, so that
every check of the loader is met. Used by conformance tests and benchmarks.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CATEGORIES = ("500", "355", "365", "124", "202", "354", "460", "620", "698", "156", "603", "109")
FORMS = ("14", "95", "60", "03", "61", "73", "21")
SERVICES = ("1", "0", "6", "", "7", "", "")

# département and end of the commune code, post code and city, longitude and latitude, metres
PLACES = (
    ("94", "028", "94000 CRETEIL", (2.4535, 48.7905), (659757.0, 6854602.0)),
    ("94", "078", "94190 VILLENEUVE ST GEORGES", (2.4530, 48.7320), (659768.0, 6848098.0)),
    ("91", "691", "91330 YERRES", (2.4920, 48.7130), (662654.0, 6846004.0)),
    ("75", "113", "75013 PARIS 13", (2.3590, 48.8310), (652921.0, 6859050.0)),
    ("69", "381", "69001 LYON 1", (4.8340, 45.7690), (842609.0, 6520321.0)),
    ("2A", "004", "20000 AJACCIO", (8.7370, 41.9260), (1176400.0, 6111700.0)),
)
_SOURCES = (
    "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Metropole)",
    "1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93",
    "2,ATLASANTE,61,BAN,L93_METROPOLE",
    "1,ATLASANTE,.,ADMIN-EXPRESS,EPSG:2154 RGF93 / Lambert-93 (Metropole)",
)
_SPREAD = 1000.0
"""Metres over which the establishments of a commune are spread."""


def establishment(index: int) -> list[str]:
    """Return one line of type structureet."""
    departement, suffix, city, _, _ = PLACES[index % len(PLACES)]
    entity = index // 10 % 9999
    return [
        *("structureet", f"{departement}{index % 10**7:07d}", f"{departement}9{entity:06d}"),
        *(f"ETS SYNTHETIQUE {index}", f"ETABLISSEMENT SYNTHETIQUE NUMERO {index}", "", ""),
        *(str(index % 200 + 1), "R", f"DE L'ÉPREUVE {index % 500}", "", "", suffix, departement),
        *("", city, "0100000000", "", CATEGORIES[index % len(CATEGORIES)], "Libellé", "1102"),
        *("Agrégat", f"{index:014d}", "8610Z", "99", "Indéterminé"),
        *(SERVICES[index % len(SERVICES)], "", f"{1950 + index % 70}-0{index % 9 + 1}-11"),
        *("", "2026-01-01", ""),
    ]


def position(index: int) -> list[str]:
    """Return one line of type geolocalisation."""
    departement, _, _, _, (east, north) = PLACES[index % len(PLACES)]
    step = (index % 1000) / 1000 * _SPREAD
    number = f"{departement}{index % 10**7:07d}"
    source = _SOURCES[index % len(_SOURCES)]
    return ["geolocalisation", number, f"{east + step:.1f}", f"{north - step:.1f}", source, ""]


def entity(index: int) -> list[str]:
    """Return one line of type structureej."""
    departement, suffix, city, _, _ = PLACES[index % len(PLACES)]
    form = FORMS[index % len(FORMS)]
    return [
        *("structureej", f"{departement}9{index:06d}", f"EJ SYNTHETIQUE {index}", ""),
        *("", "1", "AV", "DE L'ESSAI", "", "", "", suffix, city, departement, ""),
        *("0100000000", form, "Libellé", "", "", "", "8610Z", "2001-01-01"),
    ]


def write_establishments(path: Path, count: int, *, encoding: str = "utf-8") -> Path:
    """Write a synthetic cs1100507 of `count` establishments."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(["finess", "etalab", "93", "2026-05-12"])
        writer.writerows(map(establishment, range(count)))
        writer.writerows(map(position, range(count)))
    return path


def write_entities(path: Path, count: int) -> Path:
    """Write a synthetic cs1100501 of `count` legal entities."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(["finess", "etalab", "94", "2026-05-12"])
        writer.writerows(map(entity, range(count)))
    return path


def write_feed(path: Path, entities: int, sites: int) -> Path:
    """Write a synthetic feed of `entities` legal entities with `sites` establishments each."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8") as stream:
        head = {"schemaVersion": "v1.0.0", "generatedAt": "2026-08-13T02:07:30Z"}
        stream.write(json.dumps(head)[:-1])
        stream.write(', "gco": [{"pmSmsseId": "403", "typeGco": "003"}], "gcc": ')
        stream.write(json.dumps([ght()]))
        stream.write(', "pmej": [')
        for number, item in enumerate(feed_entities(entities, sites)):
            stream.write(("," if number else "") + json.dumps(item, ensure_ascii=False))
        stream.write("]}")
    return path


def ght() -> dict[str, Any]:
    """Return a GHT of the first three legal entities, the first of them its support."""
    links = [
        {"pmSmsseId": str(i), "typeRoleEntiteGroupe": "S" if i == 0 else "M"} for i in range(3)
    ]
    return {
        "gccId": "1",
        "nomGcc": "GHT synthétique",
        "typeGcc": "001",
        "numFinessGcc": "49824516535",
        "evenement": [{"dateEvenement": "2017-01-01", "codeEvenement": "003"}],
        "pmejDuGcc": links,
        "etatObjet": "A",
    }


def feed_entities(entities: int, sites: int) -> Iterator[dict[str, Any]]:
    """Yield legal entities of a feed."""
    for index in range(entities):
        departement, *_ = PLACES[index % len(PLACES)]
        yield {
            "informationsGeneralesPMEJ": {
                "pmSmsseId": str(index),
                "numFinessPm": f"{departement}9{index:06d}",
                "denominationPm": f"EJ SYNTHETIQUE {index}",
                "denominationLonguePmSmsse": f"ENTITE JURIDIQUE SYNTHETIQUE {index}",
                "statutJuridique": FORMS[index % len(FORMS)],
                "dateCreation": "2001-01-01",
                "dateFermeture": None,
            },
            "adresse": [feed_address(index, "02")],
            "contact": [{"telecom": {"telephone": "0100000000", "courriel": "a@example.org"}}],
            "engagement": [],
            "ege": [feed_site(index, index * sites + rank) for rank in range(sites)],
            "etatObjet": "A",
        }


def feed_site(entity_index: int, index: int) -> dict[str, Any]:
    """Return one establishment of a feed; one in three is closed."""
    departement, *_ = PLACES[entity_index % len(PLACES)]
    closed = index % 3 == 0
    return {
        "informationsGeneralesEGE": {
            "egeId": str(index),
            "complementDenominationEg": None,
            "datePremiereAutorisation": "1990-05-01",
            "numeroEducationNationale": None,
            "numeroReferenceExterne": None,
            "numFinessEge": f"{departement}{index % 10**7:07d}",
            "nomEgeCourt": f"ETS {index}",
            "nomEgeLong": f"ETABLISSEMENT SYNTHETIQUE {index}",
            "siret": f"{index:014d}",
            "dateOuverture": "1990-05-01",
            "dateFermeture": "2015-12-31" if closed else None,
            "espic": [SERVICES[index % 3] or "9"],
        },
        "categorieentiteGeographiqueExercice": CATEGORIES[index % len(CATEGORIES)],
        "modefixationtarifaire": "08",
        "typeBudget": ["01"],
        "adresse": [feed_address(entity_index, "03")],
        "contact": [
            {
                "typeContact": {"roleContact": "01"},
                "telecom": {"telephone": "0100000000", "telecopie": None, "courriel": None},
            }
        ],
        "engagement": [],
        "evenement": [feed_event(index, code) for code in ("003", "005", "007")],
        "roleEge": [],
        "etatObjet": "I" if closed else "A",
        "dateDerniereMaj": "2019-03-04 00:00:00",
    }


def feed_event(index: int, code: str) -> dict[str, Any]:
    """Return an event of a feed: half of the real feed is made of them."""
    return {
        "evenementId": str(index),
        "dateEnregistrement": "2026-07-07 12:22:32",
        "dateEvenement": "1990-05-01",
        "etatObjet1": "001",
        "identifiantObjet1": str(index),
        "identifiantObjet2": None,
        "systemeMaitre": "01",
        "typeObjet1": "EG",
        "typeObjet2": None,
        "codeEvenement": code,
    }


def feed_address(index: int, usage: str) -> dict[str, Any]:
    """Return an address of a feed; one in three has no position."""
    departement, suffix, city, (longitude, latitude), (east, north) = PLACES[index % len(PLACES)]
    located = {
        "coordonneeX": str(longitude),
        "coordonneeY": str(latitude),
        "directionLatitude": str(north),
        "directionLongitude": str(east),
        "cleInInteropBAN": f"{departement}{suffix}_0515_00240",
        "scoreBAN": "0.9674",
    }
    return {
        "usageAdresse": usage,
        "numeroVoie": str(index % 99 + 1),
        "typeVoie": "R",
        "libelleVoie": "DE L'ÉPREUVE",
        "complementVoie": None,
        "complementPointGeographique": None,
        "lieuDit": None,
        **dict.fromkeys(("ligneUne", "ligneDeux", "ligneTrois", "ligneCinq", "ligneSix")),
        "cogCommune": departement + suffix,
        "ligneAcheminement": city[6:],
        "ligneQuatre": f"{index % 99 + 1} RUE DE L'ÉPREUVE",
        "codePostal": city[:5],
        "coordonneesGeographique": None if index % 3 == 2 else located,
    }
