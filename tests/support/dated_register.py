"""A register around the synthetic group, with one agreement for each list of « Conventions ».

Nothing here is real. The day looked at is 2026-11-26.
"""

from pathlib import Path

from graph.dates import PartialDate
from graph.model import CooperationClaim, Party
from tests.support.confluence_synthetic import (
    CLINIC,
    ENTITY,
    HOSTILE,
    SITE,
    batch,
    synthetic_store,
)

DAY = "2026-11-26"
RESERVED = "Montant confidentiel synthétique"


def _agreement(key: str, title: str, **values: object) -> CooperationClaim:
    dates = ("effective", "end", "sent", "terminated", "review_due")
    made = {n: PartialDate(str(v)) if n in dates else v for n, v in values.items()}
    return CooperationClaim(
        **{
            "id": key,
            "title": title,
            "type": "convention_partenariat",
            "parties": (Party(structure=ENTITY), Party(structure=CLINIC)),
            "source": "register",
            "locator": f"ligne {key[2:]}",
            **made,
        }  # type: ignore[arg-type]
    )


def dated_store(folder: Path) -> Path:
    """Make the synthetic store with the register, and return its file."""
    store = synthetic_store(folder)
    held = [
        _agreement(
            "R-1",
            "Préavis synthétique",
            effective="2024-01-01",
            end="2026-12-31",
            notice_months=1,
            document="r1.pdf",
            internal_owner="direction",
        ),
        _agreement(
            "R-2", "Appliquée synthétique", effective="2019", end="2024", still_applied=True
        ),
        _agreement("R-3", "Signature synthétique", stage="a_signer", sent="2026-08-01"),
        _agreement(
            "R-4",
            "Restreinte synthétique",
            effective="2025-01-01",
            indefinite=True,
            confidentiality="restreint",
            object=RESERVED,
            remarks=(RESERVED,),
            sites=(SITE,),
            sites_stated=True,
            review_due="2026-01-31",
        ),
        _agreement("R-5", HOSTILE, effective="2020-01-01", terminated="2025-03-10"),
        _agreement("R-6", "Avenant au préavis", parent="R-1", effective="2025-05-01"),
        _agreement(
            "R-7", "Ailleurs synthétique", parties=(Party(structure=CLINIC),), effective="2020"
        ),
    ]
    store.apply(batch("conventions", held))
    store.close()
    return folder / "synthetic.db"
