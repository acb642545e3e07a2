"""GHT in the FINESS JSON feed, on the real sample and on small synthetic feeds."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from graph.model import MembershipClaim, StructureClaim
from loaders import finess, ght
from loaders.base import LoadContext

SAMPLE = "finess-structures-mensuel-202607-echantillon.json.gz"


@pytest.mark.realdata
def test_the_sample_holds_one_ght_of_nine_members(shared_data: Path) -> None:
    batch = ght.read([shared_data / SAMPLE], LoadContext())
    links = [claim for claim in batch.claims if isinstance(claim, MembershipClaim)]
    assert sorted(link.role for link in links) == ["membre"] * 8 + ["support"]
    assert {link.since for link in links} == {"..2026-08-13"}
    (support,) = [link for link in links if link.role == "support"]
    assert support.id == "210780581>ght:210780581#support"
    (group,) = [claim for claim in batch.claims if claim.id == "ght:210780581"]
    assert isinstance(group, StructureClaim)
    assert (group.name, group.opened) == ("21-52 Côte d'Or-Haute-Marne", "2017-01-01")
    assert (batch.report.read, batch.report.kept) == (10, 10)
    assert batch.parts == frozenset({"21"})


@pytest.mark.realdata
def test_members_are_what_the_finess_loader_reads(shared_data: Path) -> None:
    own = ght.read([shared_data / SAMPLE], LoadContext())
    whole = finess.read([shared_data / SAMPLE], LoadContext())
    known = {claim.id: claim for claim in whole.claims if isinstance(claim, StructureClaim)}
    mine = [claim for claim in own.claims if isinstance(claim, StructureClaim)]
    assert len(mine) == 10
    for claim in mine:
        assert (claim.name, claim.commune, claim.longitude, claim.source) == (
            *(known[claim.id].name, known[claim.id].commune, known[claim.id].longitude),
            known[claim.id].source,
        )
    assert {claim.level for claim in mine} == {"EJ", None}


def feed(path: Path, *links: tuple[str, str]) -> Path:
    """Write a synthetic feed: two legal entities of 94 and one GHT."""

    def entity(internal: str, number: str) -> dict[str, Any]:
        info = {"pmSmsseId": internal, "numFinessPm": number, "denominationPm": f"CH {number}"}
        return {"informationsGeneralesPMEJ": info, "etatObjet": "A", "ege": [{"bad": 1}]}

    group = {
        "gccId": "7",
        "typeGcc": "001",
        "nomGcc": "Essai synthétique",
        "gccIdentifiantExterne": "11111",
        "pmejDuGcc": [{"pmSmsseId": key, "typeRoleEntiteGroupe": role} for key, role in links],
    }
    other = {"gccId": "8", "typeGcc": "002", "pmejDuGcc": []}
    content = {
        "generatedAt": "2026-03-02T00:00:00Z",
        "gcc": [group, other],
        "pmej": [entity("1", "940110018"), entity("2", "940110042"), entity("3", "910000001")],
    }
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    return path


def test_only_the_entities_of_a_ght_are_read(tmp_path: Path) -> None:
    batch = ght.read([feed(tmp_path / "f.json.gz", ("1", "S"), ("2", "M"))], LoadContext())
    assert sorted(claim.id for claim in batch.claims if isinstance(claim, StructureClaim)) == [
        *("940110018", "940110042", "ght:940110018"),
    ]
    assert {claim.part for claim in batch.claims} == {"94"}
    assert (batch.report.read, batch.report.kept, batch.report.skipped) == (4, 3, 1)


def test_links_that_do_not_hold_are_rejected(tmp_path: Path) -> None:
    path = feed(tmp_path / "f.json.gz", ("1", "S"), ("2", "?"), ("9", "M"))
    batch = ght.read([path], LoadContext())
    assert [item.code for item in batch.report.rejections] == [
        "finess.ght_role",
        "finess.ght_member",
    ]


def test_another_departement_is_left_aside(tmp_path: Path) -> None:
    path = feed(tmp_path / "f.json.gz", ("1", "S"), ("2", "M"))
    batch = ght.read([path], LoadContext(departements=("91",)))
    assert batch.claims == []
    assert batch.parts == frozenset({"91"})
