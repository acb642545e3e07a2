"""Every number, name and position that we say an official file confirms is in that file."""

import csv
import gzip
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

REFERENCE = Path(__file__).resolve().parents[3] / "data" / "reference"
STATUSES = {"1": "public", "6": "espic", "7": "non_lucratif"}
CAPACITIES = {
    "capacity:lits_mco": ("MCO", "LIT_MCO"),
    "capacity:places_mco": ("MCO", "PLA_MCO"),
    "capacity:places_had": ("HAD", "PLATOT"),
    "capacity:lits_usld": ("USLD", "LIT"),
}

pytestmark = pytest.mark.realdata


class Official(NamedTuple):
    """The official files, by identifier of their records."""

    sae: dict[str, dict[str, dict[str, str]]]
    fhir: dict[str, dict[str, Any]]
    extract: dict[str, list[str]]
    feed: dict[str, dict[str, Any]]


def rows(name: str, source: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["source"] == source]


def read_sae(folder: Path, table: str, key: str) -> dict[str, dict[str, str]]:
    (path,) = folder.glob(f"sae_2023_{table}_2023r*.csv")
    with path.open(encoding="iso-8859-1", newline="") as stream:
        return {row[key]: row for row in csv.DictReader(stream, delimiter=";")}


def read_fhir(folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("finess_fhir_*.ndjson")):
        with path.open(encoding="utf-8") as stream:
            records = [json.loads(line) for line in stream]
        found |= {f"{record['resourceType']} {record['id']}": record for record in records}
    return found


def read_feed(folder: Path) -> dict[str, dict[str, Any]]:
    (path,) = folder.glob("finess-structures-mensuel-202607*.json.gz")
    with gzip.open(path) as stream:
        entities = json.load(stream)["pmej"]
    found = {}
    for entity in entities:
        key = f"pmej {entity['informationsGeneralesPMEJ']['numFinessPm']}"
        found[key] = entity
        for place in entity["ege"]:
            found[f"{key}, ege {place['informationsGeneralesEGE']['numFinessEge']}"] = place
    return found


@pytest.fixture(scope="module")
def official(shared_data: Path) -> Official:
    sae = {name: read_sae(shared_data, name, "FI") for name in ("MCO", "HAD", "USLD", "URGENCES")}
    sae |= {"ID": read_sae(shared_data, "ID", "fi")}
    sae |= {"GHT": read_sae(shared_data, "GHT", "CODE_GHT")}
    (light,) = shared_data.glob("finess_light_20260107*.csv")
    with light.open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.reader(stream, delimiter=";") if line[0] == "structureet"]
    return Official(
        sae=sae,
        fhir=read_fhir(shared_data),
        extract={line[1]: line for line in lines},
        feed=read_feed(shared_data),
    )


def squeezed(*parts: str) -> str:
    return re.sub(r"\s+", " ", " ".join(parts)).strip()


def sae_value(official: Official, row: dict[str, str]) -> str:
    table, id_ = row["locator"].split(", FI=")
    record = official.sae[table][id_]
    if row["field"] in CAPACITIES:
        assert CAPACITIES[row["field"]][0] == table
        return record[CAPACITIES[row["field"]][1]]
    if row["field"] == "activity":
        return table.lower()
    status = {"1": "public", "2": "commercial", "3": STATUSES.get(record["espic"])}
    street = squeezed(record["NUMVOI"], record["TYPVOI"], record["NOMVOI"])
    values = {
        "official_name": squeezed(record["rs"]),
        "legal_entity": record["fi_ej"],
        "category": record["cat"],
        "legal_status": status[record["stjr"]],
        "commune": record["ARMT"] or record["COMINSEE"],
        "address": f"{street}, {record['CPO']} {record['LIBCOM']}",
        "candidate_finess": record["fi"],
    }
    return str(values[row["field"]])


def fhir_value(official: Official, row: dict[str, str]) -> str:
    record = official.fhir[row["locator"]]
    entity, place = record["id"].removesuffix("-loc").split("-")
    if record["resourceType"] == "Location":
        field = row["field"]
        return "inconnue" if field == "precision" else f"{record['position'][field]:.6f}"
    codes = {
        coding["system"].rsplit("/")[-1]: coding["code"] for coding in record["type"][0]["coding"]
    }
    address = record["address"][0]
    values = {
        "official_name": squeezed(record["name"]),
        "legal_entity": entity,
        "category": codes["CAT_ETAB"],
        "legal_status": STATUSES.get(codes.get("SPH", ""), ""),
        "address": f"{', '.join(address['line'])}, {address['postalCode']} {address['city']}",
        "candidate_finess": row["value"] if row["value"] in {entity, place} else "",
    }
    if row["field"] == "commune":
        named = f"({address['postalCode']} {address['city']})"
        return row["value"] if named in row["note"] and "CEDEX" not in named else ""
    return values[row["field"]]


def extract_value(official: Official, row: dict[str, str]) -> str:
    line = official.extract[row["locator"].removeprefix("structureet ")]
    values = {
        "official_name": line[4],
        "legal_entity": line[2],
        "category": line[18],
        "legal_status": STATUSES[line[26]],
        "commune": line[13] + line[12].zfill(3),
        "address": f"{squeezed(*line[7:10])}, {line[15]}",
    }
    return values[row["field"]]


def feed_value(official: Official, row: dict[str, str]) -> str:
    record = official.feed[row["locator"]]
    address = record["adresse"][0]
    place = address["coordonneesGeographique"]
    postal = f"{address['codePostal']} {address['ligneAcheminement']}"
    values = {
        "official_name": record["informationsGeneralesEGE"]["nomEgeLong"],
        "legal_entity": row["locator"].split(",")[0].removeprefix("pmej "),
        "category": record["categorieentiteGeographiqueExercice"],
        "legal_status": STATUSES[record["informationsGeneralesEGE"]["espic"][0]],
        "commune": address["cogCommune"],
        "address": f"{address['ligneQuatre']}, {postal}",
        "longitude": f"{float(place['coordonneeX']):.6f}",
        "latitude": f"{float(place['coordonneeY']):.6f}",
        "precision": "adresse" if float(place["scoreBAN"]) > 0.9 else "",
    }
    return str(values[row["field"]])


READERS = {
    "sae-2023": sae_value,
    "finess-2021": fhir_value,
    "etalab-2026-01": extract_value,
    "finess-2026-07": feed_value,
}


@pytest.mark.parametrize("source", READERS)
def test_every_value_is_in_the_file_that_it_cites(source: str, official: Official) -> None:
    cited = rows("values", source)
    assert cited
    wrong = [row for row in cited if READERS[source](official, row) != row["value"]]
    assert wrong == []


def test_every_confirmed_value_cites_the_record_of_its_own_structure() -> None:
    for source in READERS:
        for row in rows("values", source):
            last = re.split(r"[ =-]", row["locator"].removesuffix("-loc"))[-1]
            assert (last == row["id"]) == (row["status"] == "confirmed"), row


def test_a_wrong_value_would_be_seen(official: Official) -> None:
    row = next(row for row in rows("values", "sae-2023") if row["field"] == "legal_entity")
    other = next(
        item
        for item in rows("values", "sae-2023")
        if item["field"] == "legal_entity" and item["value"] != row["value"]
    )
    assert sae_value(official, other | {"value": row["value"]}) != row["value"]


def test_every_value_row_cites_a_file_that_is_checked_here() -> None:
    with (REFERENCE / "values.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["source"] for row in csv.DictReader(stream)} == READERS.keys()


@pytest.mark.parametrize(("source", "reader"), [("sae-2023", "sae"), ("finess-2021", "fhir")])
def test_every_structure_of_an_official_file_is_in_it(
    source: str, reader: str, official: Official
) -> None:
    for row in rows("structures", source):
        if reader == "fhir":
            assert row["id"] in official.fhir[row["locator"]]["id"].split("-"), row
        elif match := re.fullmatch(r"ID, fi_ej=(\d+) \(FI=(\d+)\)", row["locator"]):
            assert official.sae["ID"][match[2]]["fi_ej"] == match[1] == row["id"], row
        elif match := re.fullmatch(r"ID, FI=(\d+)", row["locator"]):
            record = official.sae["ID"][match[1]]
            assert (record["rs"], record["fi"]) == (row["name"], row["id"])
            assert row["commune"] == (record["ARMT"] or record["COMINSEE"])
        else:
            assert row["locator"] == "GHT, CODE_GHT=11111"


def test_legal_entities_named_by_the_feed(official: Official) -> None:
    for row in rows("structures", "finess-2026-07"):
        general = official.feed[row["locator"]]["informationsGeneralesPMEJ"]
        assert general["numFinessPm"] == row["id"]
        assert general["denominationPm"] == row["name"]
        assert general["denominationLonguePmSmsse"] == row["other_names"]


def test_the_group_of_the_sae_is_the_sum_of_the_two_hospitals(official: Official) -> None:
    """Why "94 EST" is taken for the GHT Hôpitaux Confluence: the file gives no legal entity."""
    group, table = official.sae["GHT"]["11111"], official.sae["MCO"]
    for column in ("LIT_MED", "LIT_CHI", "LIT_OBS", "LIT_MCO", "PLA_MCO", "SEJHC_MCO"):
        hospitals = sum(int(table[id_][column]) for id_ in ("940000573", "940000599"))
        assert int(group[column]) == hospitals
