"""The synthetic network with what an export must be careful about.

A restricted agreement that alone makes a partner, columns that name persons, a title that a
spreadsheet would run, partial dates. Nothing here is real.
"""

from datetime import date
from pathlib import Path
from typing import Any

from explorer.exports.material import Material
from explorer.exports.options import Options
from explorer.selection import Selection
from explorer.services.exporting import Request
from graph.dates import PartialDate
from graph.model import AnyClaim, CooperationClaim, Party, StructureClaim
from graph.store.open import open_store
from tests.support.confluence_synthetic import CLINIC, FOCUS, batch, synthetic_store

ON = date(2026, 1, 1)
BEHIND = ("departement:99",)
DISCREET = "990000050"
FORMULA = '=HYPERLINK("http://example.invalid","clic")'
PERSON = "Mme Untelle-Synthétique"
MAILBOX = "service@example.invalid"
_REGISTER = {"source": "register", "locator": "ligne 9"}


def _claims() -> list[AnyClaim]:
    def parties(other: str) -> tuple[Party, Party]:
        return Party(structure=FOCUS, signatory=PERSON), Party(structure=other)

    return [
        StructureClaim(
            id=DISCREET, name="Clinique discrète synthétique", kind="CLINIQUE", **_REGISTER
        ),
        CooperationClaim(
            id="C-6",
            title="Projet réservé synthétique",
            type="convention_partenariat",
            parties=parties(DISCREET),
            effective=PartialDate("2024"),
            indefinite=True,
            confidentiality="restreint",
            **_REGISTER,
        ),
        CooperationClaim(
            id="C-7",
            title=FORMULA,
            type="convention_partenariat",
            object="Objet ; avec, des signes\\et deux\nlignes",
            parties=parties(CLINIC),
            effective=PartialDate("2025"),
            end=PartialDate("2027-03"),
            notice_months=2,
            review_due=PartialDate("2026-12"),
            administrative_referent=PERSON,
            referent_mailbox=MAILBOX,
            remarks=(f"appeler {PERSON}",),
            **_REGISTER,
        ),
    ]


def export_store(folder: Path) -> str:
    """Make the store and return its URL."""
    store = synthetic_store(folder)
    loaded = batch("conventions", _claims())
    loaded.file = "registre synthétique.xlsx"
    store.apply(loaded)
    store.close()
    return f"sqlite:///{(folder / 'synthetic.db').as_posix()}"


def material(url: str, *, restricted: bool = False, **options: Any) -> Material:
    """Return the material of the network around the focus."""
    store = open_store(url)
    try:
        return Request(
            store=store,
            selection=Selection(focus=FOCUS, on=ON, restricted=restricted),
            options=Options(**options),
            language="fr",
            behind=BEHIND,
        ).material
    finally:
        store.close()
