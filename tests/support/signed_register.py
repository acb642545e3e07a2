"""A group of two hospitals whose register says who signed, for which site, and until when.

Nothing here is real: numbers are in the made-up département 99, names say that they are synthetic.
"""

from pathlib import Path

from graph.dates import PartialDate
from graph.identifiers import structure_id
from graph.model import (
    AnyClaim,
    CooperationClaim,
    MembershipClaim,
    Party,
    StructureClaim,
    TerritoryClaim,
    membership_id,
)
from graph.store.sqlite import SqliteStore
from tests.support.confluence_synthetic import FOCUS, batch

NORTH, SOUTH = "990000001", "990000002"
CLINIC, CPTS = "990000030", "990000040"
CHARITY = structure_id("association", "association synthetique")
_FINESS = {"source": "finess", "locator": "ligne 1"}
_REGISTER = {"source": "register", "locator": "ligne 2"}


def _structures() -> list[AnyClaim]:
    listed = (
        (FOCUS, "Groupe synthétique", "GHT", None),
        (NORTH, "Hôpital Nord synthétique", "HOPITAL", "99001"),
        (SOUTH, "Hôpital Sud synthétique", "HOPITAL", "99002"),
        (CLINIC, "Clinique synthétique", "CLINIQUE", "99001"),
        (CPTS, "CPTS synthétique", "CPTS", "99002"),
        (CHARITY, "Association synthétique", "ASSOCIATION", None),
    )
    return [
        StructureClaim(id=key, name=name, kind=kind, commune=commune, **_FINESS)
        for key, name, kind, commune in listed
    ]


def _agreements() -> list[AnyClaim]:
    def agreement(key: str, title: str, *parties: str, **more: object) -> CooperationClaim:
        return CooperationClaim(
            id=key,
            title=title,
            type="convention_partenariat",
            parties=tuple(Party(structure=item) for item in parties),
            effective=PartialDate("2024-01-01"),
            **more,  # type: ignore[arg-type]
            **_REGISTER,
        )

    end = PartialDate("2026-06-30")
    return [
        agreement("S-1", "Imagerie synthétique", NORTH, CLINIC, sites=(SOUTH,), end=end),
        agreement("S-2", "Précarité synthétique", SOUTH, CHARITY, indefinite=True),
        agreement("S-3", "Parcours synthétique", FOCUS, CPTS, indefinite=True),
        agreement("S-4", "Suivi synthétique", CPTS, CHARITY, FOCUS, indefinite=True),
    ]


def _members() -> list[AnyClaim]:
    return [
        MembershipClaim(
            id=membership_id(member, FOCUS, role), member=member, group=FOCUS, role=role, **_FINESS
        )
        for member, role in ((NORTH, "support"), (SOUTH, "partie"))
    ]


def _territories() -> list[AnyClaim]:
    def territory(level: str, code: str, name: str, *parents: str) -> TerritoryClaim:
        key = f"{level}:{code}"
        return TerritoryClaim(id=key, level=level, code=code, name=name, parents=parents, **_FINESS)

    upper = ("departement:99", "arrondissement:991")
    return [
        territory("departement", "99", "Syntheticois"),
        territory("arrondissement", "991", "Arrondissement synthétique", "departement:99"),
        territory("commune", "99001", "Synthville", *upper),
        territory("commune", "99002", "Faux-sur-Marne", *upper),
    ]


def signed_store(folder: Path) -> Path:
    """Make a store that holds the group, and return its file."""
    store = SqliteStore(folder / "signed.db")
    store.apply(batch("territoires", _territories()))
    store.apply(batch("reference", [*_structures(), *_agreements(), *_members()]))
    store.close()
    return folder / "signed.db"
