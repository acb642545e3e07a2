"""Rewrites the real FHIR files of the shared folder into the classic FINESS layout.

The FHIR copies hold the real establishments of Île-de-France (January 2021) without commune code,
tariff mode or fax. The commune comes from the position, else from the name and post code; columns
that FHIR does not have stay empty. The projection is Lambert-93, as in the file that the copies
were made from. This is how loaders and pages are tried on real data at real size.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import shapely
from pyproj import Transformer

from loaders.communes import FOLDER, CommuneIndex
from loaders.finess.layout import ESTABLISHMENT, POSITION

FILES = ("finess_fhir_20210108_dep94.ndjson", "finess_fhir_20210108_idf_hors94_partenaires.ndjson")
VINTAGE = "2021-01-08"
COUNT = 5694
"""Establishments of the two files together."""

_STREET = re.compile(r"(?:(\d+) ?(?:([A-HJ-QS-Z]) )?)?(?:(ALL|AV|BD|CHE|IMP|PL|R|RTE|SQ|QU) )?(.*)")
_SOURCE = "1,ATLASANTE,.,FHIR,LAMBERT_93"

Resource = dict[str, Any]


class Establishment(NamedTuple):
    """One establishment as FHIR has it, with its commune found."""

    number: str
    entity: str
    organization: Resource
    longitude: float
    latitude: float
    commune: str

    def code(self, system: str) -> tuple[str, str]:
        """Return code and label of a coding, empty if there is none."""
        codings = (item for part in self.organization["type"] for item in part["coding"])
        found = (item for item in codings if item["system"].endswith(system))
        item = next(found, {"code": "", "display": ""})
        return item["code"], item["display"]


def rewrite(
    folder: Path, out: Path, *, encoding: str = "utf-8", files: Sequence[str] = FILES
) -> Path:
    """Write the establishments of the FHIR `files` of `folder` to `out` as cs1100507."""
    found = list(establishments([folder / name for name in files]))
    to_metres = Transformer.from_crs(4326, 2154, always_xy=True)
    east, north = to_metres.transform(
        [item.longitude for item in found], [item.latitude for item in found]
    )
    with out.open("w", encoding=encoding, errors="replace", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(["finess", "etalab", len(found), VINTAGE])
        writer.writerows(map(_establishment_row, found))
        for item, x, y in zip(found, east, north, strict=True):
            row = [item.number, f"{x:.1f}", f"{y:.1f}", _SOURCE, VINTAGE]
            writer.writerow([POSITION[0], *row])
    return out


def establishments(paths: Sequence[Path]) -> Iterator[Establishment]:
    """Yield every establishment of the FHIR files, its commune found."""
    organizations: dict[str, Resource] = {}
    places: list[tuple[Resource, Resource]] = []
    for path in paths:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                resource = json.loads(line)
                if resource["resourceType"] == "Organization":
                    organizations[resource["id"]] = resource
                else:
                    owner = resource["managingOrganization"]["reference"].partition("/")[2]
                    places.append((organizations[owner], resource["position"]))
    positions = [(place["longitude"], place["latitude"]) for _, place in places]
    for (owner, place), inside in zip(places, _communes_at(positions), strict=True):
        entity, _, number = owner["id"].partition("-")
        # three positions fall just over the border of the département that the post code names
        near = inside[:2] == owner["address"][0]["postalCode"][:2]
        commune = inside if near else _commune_by_name(owner["address"][0])
        yield Establishment(number, entity, owner, place["longitude"], place["latitude"], commune)


def _communes_at(positions: Sequence[tuple[float, float]]) -> list[str]:
    """Return the commune whose polygon holds each position, empty where none does."""
    table = pq.ParquetFile(FOLDER / "territories.parquet").read(
        columns=["level", "code", "departement", "geometry"]
    )
    idf = {"75", "77", "78", "91", "92", "93", "94", "95"}
    rows = [
        (row["code"], row["geometry"])
        for row in table.to_pylist()
        if row["level"] == "commune" and row["departement"] in idf and row["geometry"]
    ]
    tree = shapely.STRtree(shapely.from_wkb([geometry for _, geometry in rows]))
    points = shapely.points(positions)
    found = [""] * len(positions)
    for point, polygon in zip(*tree.query(points, predicate="intersects"), strict=True):
        found[point] = rows[polygon][0]
    return found


def _commune_by_name(address: Resource) -> str:
    found = CommuneIndex.bundled().find(address["city"], postal_code=address["postalCode"])
    return found[0].code if len(found) == 1 else ""


def _establishment_row(item: Establishment) -> list[str]:
    organization = item.organization
    address = organization["address"][0]
    category, category_label = item.code("CAT_ETAB")
    group, group_label = item.code("CAT_AGR_ETAB")
    service, service_label = item.code("/SPH")
    lines = address.get("line", [])
    number, suffix, kind, way = _street(lines[-1] if lines else "")
    opened = organization["extension"][0]["valuePeriod"].get("start", "")
    values = {
        "structureet": "structureet",
        "nofinesset": item.number,
        "nofinessej": item.entity,
        "rs": organization["name"],
        "compldistrib": lines[0] if len(lines) > 1 else "",
        "numvoie": number,
        "compvoie": suffix,
        "typvoie": kind,
        "voie": way,
        "commune": item.commune[2:],
        "departement": item.commune[:2] or address["postalCode"][:2],
        "ligneacheminement": f"{address['postalCode']} {address['city']}"[:30],
        "telephone": next((line["value"] for line in organization.get("telecom", [])), ""),
        "categetab": category,
        "libcategetab": category_label,
        "categagretab": group,
        "libcategagretab": group_label,
        "siret": _siret(organization),
        "codesph": service,
        "libsph": service_label,
        "dateouv": opened,
        "maj": organization["meta"]["lastUpdated"][:10],
    }
    return [values.get(name, "") for name in ESTABLISHMENT]


def _street(line: str) -> tuple[str, str, str, str]:
    match = _STREET.fullmatch(line)
    assert match is not None
    number, suffix, kind, way = match.groups(default="")
    return number, suffix, kind, way


def _siret(organization: Resource) -> str:
    identifiers = organization["identifier"]
    return next((item["value"] for item in identifiers if "sirene" in item["system"]), "")
