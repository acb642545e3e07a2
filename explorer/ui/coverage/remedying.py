"""A gap that was opened: who could be signed with for its people."""

from __future__ import annotations

import msgspec

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_plan import remedies_of
from explorer.services.coverage_plan_words import names_of
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.choosing import choose
from explorer.ui.coverage.plan_nodes import remedy_nodes
from explorer.ui.coverage.planning import plan
from explorer.ui.tree import Node
from graph.vocabulary import KINDS


def open_gap(territory: str | None, kind: str | None) -> None:
    """Open the sheet of a territory, with the remedy of its gap of `kind` if there is one."""
    gap = kind if kind in KINDS else None
    choose(territory=territory, plan=msgspec.structs.replace(plan(), gap=gap))


def remedy(asked: Asked, answer: CoverageAnswer, territory: str) -> list[Node]:
    """Return the remedy of the gap opened in a territory; nothing where none is."""
    kind = plan().gap
    rows = [row for row in answer.rows if (row.territory, row.kind) == (territory, kind)]
    if kind is None or not rows:
        return []
    found, basis = answers.worked(
        asked, f"remedy|{territory}|{kind}", lambda _: remedies_of(answer, territory, kind)
    )
    return remedy_nodes(
        found,
        basis,
        asked.question.radius_km,
        names_of(answer),
        session.language(),
        registered=rows[0].supply is not None,
    )
