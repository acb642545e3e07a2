"""A synthetic network for pages and sheets: made-up agreements around made-up structures.

Nothing here is real: numbers are in the made-up département 99, names say that they are synthetic.
"""

from pathlib import Path

from graph.dates import PartialDate
from graph.identifiers import structure_id
from graph.model import (
    AnyClaim,
    CooperationClaim,
    Fact,
    MembershipClaim,
    Party,
    SourceRecord,
    StructureClaim,
    TerritoryClaim,
    membership_id,
)
from graph.store.port import GraphStore, LoadBatch, ReadReport
from graph.store.sqlite import SqliteStore

FOCUS = "ght:990000001"
ENTITY, SITE = "990000001", "990000010"
CLINIC, CLINIC_EAST, CLINIC_ENTITY = "990000020", "990000021", "990000002"
CHARITY = structure_id("association", "hôte synthetic")
COMMITTEE = "instance:comite-synthetic"
HOSTILE = "<img src=x onerror=alert(1)> [clic](javascript:alert(2)) **gras** :smile: $x^2$"

REGISTER = SourceRecord(
    id="register", family="register", title="Registre synthétique", vintage=PartialDate("2026-01")
)
ARTICLE = SourceRecord(
    id="article",
    family="seed",
    title="Article synthétique",
    publisher="Éditeur synthétique",
    date=PartialDate("2023-11-13"),
    note="Une remarque.",
)
FINESS = SourceRecord(
    id="finess", family="finess", title="FINESS synthétique", vintage=PartialDate("2021-01-08")
)


def _said(source: str, locator: str) -> dict[str, str]:
    return {"source": source, "locator": locator}


def structures() -> list[AnyClaim]:
    seen = _said("finess", "ligne 1")
    return [
        StructureClaim(id=FOCUS, name="Groupe synthétique", kind="GHT", **_said("article", "§1")),
        StructureClaim(
            id=ENTITY, name="CH synthétique", kind="HOPITAL", level="EJ", commune="99001", **seen
        ),
        StructureClaim(
            id=SITE,
            name="Site Nord synthétique",
            kind="HOPITAL",
            level="ET",
            legal_entity=ENTITY,
            commune="99001",
            longitude=2.45,
            latitude=48.79,
            precision="adresse",
            **seen,
        ),
        StructureClaim(
            id=CLINIC_ENTITY, name="SA Clinique synthétique", kind="GESTIONNAIRE", **seen
        ),
        StructureClaim(
            id=CLINIC,
            name="POLYCLINIQUE SYNTHETIQUE",
            kind="CLINIQUE",
            level="ET",
            legal_status="commercial",
            legal_entity=CLINIC_ENTITY,
            commune="99002",
            longitude=2.46,
            latitude=48.75,
            precision="commune",
            capacity={"lits_mco": 120.0},
            opened=PartialDate("1999-03"),
            **seen,
        ),
        StructureClaim(
            id=CLINIC,
            name="Clinique synthétique",
            kind="HOPITAL",
            legal_status="espic",
            facts=(Fact(topic="lits", value=115.0, unit="lits", qualifier="environ"),),
            **_said("article", "§3"),
        ),
        StructureClaim(
            id=CLINIC_EAST,
            name="Clinique Est synthétique",
            kind="CLINIQUE",
            level="ET",
            legal_entity=CLINIC_ENTITY,
            commune="99002",
            longitude=2.49,
            latitude=48.76,
            precision="adresse",
            opened=PartialDate("2010"),
            **seen,
        ),
        StructureClaim(
            id=CHARITY,
            name=HOSTILE,
            kind="ASSOCIATION",
            candidates=("990000099",),
            **_said("article", "§4"),
        ),
        StructureClaim(
            id=COMMITTEE, name="Comité synthétique", kind="INSTANCE", **_said("article", "§5")
        ),
    ]


def cooperations() -> list[AnyClaim]:
    return [
        CooperationClaim(
            id="C-1",
            title="Convention d’imagerie synthétique",
            type="convention_cooperation",
            object="imagerie",
            parties=(
                Party(structure=ENTITY, level="EJ", signatory="directrice générale"),
                Party(structure=CLINIC_ENTITY, level="EJ", match=91.0, stated_name="Clin. synth."),
            ),
            sites=(SITE,),
            sites_stated=True,
            themes=("imagerie",),
            signed=PartialDate("2024-01-12"),
            effective=PartialDate("2024-02-01"),
            end=PartialDate("2027-01-31"),
            notice_months=3,
            tacit_renewal=True,
            **_said("register", "ligne 2"),
        ),
        CooperationClaim(
            id="C-1", end=PartialDate("2026-12-31"), **_said("article", "§3, phrase 2")
        ),
        CooperationClaim(
            id="C-2",
            title="Convention échue synthétique",
            type="convention_partenariat",
            parties=(Party(structure=FOCUS, level="GHT"), Party(structure=CLINIC)),
            effective=PartialDate("2019"),
            end=PartialDate("2021"),
            **_said("register", "ligne 3"),
        ),
        CooperationClaim(
            id="C-3",
            title=HOSTILE,
            type="convention_partenariat",
            parties=(Party(structure=FOCUS, level="GHT"), Party(structure=CHARITY)),
            attested=PartialDate("2021..2022"),
            themes=("Précarité",),
            **_said("article", "§4"),
        ),
        CooperationClaim(
            id="C-4",
            title="Contacts synthétiques",
            type="contact_regulier",
            parties=(Party(structure=FOCUS), Party(structure=CHARITY)),
            attested=PartialDate("2023-11-13"),
            **_said("article", "§6"),
        ),
        CooperationClaim(
            id="C-5",
            title="Avenant synthétique",
            type="convention_cooperation",
            parent="C-1",
            effective=PartialDate("2025-06-01"),
            **_said("register", "ligne 4"),
        ),
    ]


def memberships() -> list[AnyClaim]:
    return [
        MembershipClaim(
            id=membership_id(member, group, role),
            member=member,
            group=group,
            role=role,
            since=since,
            **_said("article", "§1"),
        )
        for member, group, role, since in (
            (ENTITY, FOCUS, "support", PartialDate("2016-07")),
            (FOCUS, COMMITTEE, "siege", None),
        )
    ]


def territories() -> list[AnyClaim]:
    said = _said("finess", "territoires")
    parents = ("departement:99",)
    return [
        TerritoryClaim(
            id="departement:99", level="departement", code="99", name="Syntheticois", **said
        ),
        *(
            TerritoryClaim(
                id=f"commune:{code}", level="commune", code=code, name=name, parents=parents, **said
            )
            for code, name in (("99001", "Synthville"), ("99002", "Faux-sur-Marne"))
        ),
    ]


def batch(loader: str, claims: list[AnyClaim]) -> LoadBatch:
    spoken = {claim.source for claim in claims}
    sources = tuple(item for item in (REGISTER, ARTICLE, FINESS) if item.id in spoken)
    report = ReadReport(read=len(claims), kept=len(claims))
    return LoadBatch(loader=loader, series=loader, sources=sources, claims=claims, report=report)


def synthetic_store(folder: Path) -> GraphStore:
    """Make a store that holds the synthetic network; two loads, as a directorate would do."""
    store = SqliteStore(folder / "synthetic.db")
    store.apply(batch("territoires", territories()))
    store.apply(batch("reference", [*structures(), *cooperations(), *memberships()]))
    return store
