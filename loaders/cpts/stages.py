"""How far a CPTS is: lettre d'intention, projet validé, ACI signé, and since when.

The words of a list are read only where they leave no doubt: "ACI en cours de signature" is no
signature. What is not understood is kept as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.dates import PartialDate, latest
from graph.identifiers import fold
from graph.model import Fact
from loaders.base import Reporter
from loaders.french_dates import DateError, parse_date

TOPIC = "stade_cpts"
STAGES = ("lettre d’intention", "projet validé", "ACI signé")
"""The official stages, in the order in which a CPTS goes through them."""

_LETTER, _PROJECT, _AGREEMENT = STAGES
_UNDONE = frozenset(
    {
        *("non", "pas", "sans", "avant", "cours", "attente", "prevu", "prevue", "prevus", "a"),
        *("futur", "future", "signer", "valider", "redaction", "refuse", "refusee", "abandon"),
        *("abandonne", "abandonnee", "resilie", "resiliee", "sous", "instruction"),
    }
)
"""Words after which a stage is not reached, or no longer."""
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{4}")
_DATED = {"date_letter": _LETTER, "date_project": _PROJECT, "date_agreement": _AGREEMENT}

STAGE_COLUMNS: Mapping[str, Sequence[str]] = {
    "stage": (
        *("statut", "statut cpts", "statut de la cpts", "etat", "etat cpts", "avancement"),
        *("etat d avancement", "etat avancement", "stade", "stade d avancement", "etape"),
        *("maturite", "niveau de maturite", "niveau d avancement"),
    ),
    "date_letter": (
        *("date lettre d intention", "date de la lettre d intention", "date li"),
        *("date depot lettre d intention", "date lettre intention", "date lettre"),
    ),
    "date_project": (
        *("date validation projet", "date de validation du projet", "date projet valide"),
        *("date de validation du projet de sante", "date validation du projet de sante"),
        *("date validation projet de sante", "date projet"),
    ),
    "date_agreement": (
        *("date aci", "date signature aci", "date de signature aci", "signature aci"),
        *("date de signature de l aci", "date signature de l aci", "date de signature des aci"),
        *("aci signe le", "date contrat aci"),
    ),
    "date": ("date statut", "date du statut", "date de signature", "date signature", "date"),
}


class Stated(NamedTuple):
    """A stage (or, where it is not understood, its words) and its date."""

    stage: str
    date: PartialDate | None = None

    @property
    def known(self) -> bool:
        """Whether this is one of the official stages."""
        return self.stage in STAGES


def stages_of(cells: Mapping[str, str], where: str, reporter: Reporter) -> tuple[Stated, ...]:
    """Return the stages that the cells of a CPTS state, the furthest last."""
    dates: dict[str, PartialDate | None] = {}
    for column, stage in _DATED.items():
        found = _date(cells.get(column, ""), column, where, reporter)
        if found:
            dates[stage] = found
    written = " ".join(cells.get("stage", "").split())
    if written:
        official = read_stage(written)
        if official is None:
            reporter.warn(where, "cpts.stage", field="statut", value=written)
        date = _date(cells.get("date", ""), "date", where, reporter) or _inner_date(written)
        dates[official or written] = date or dates.get(official or written)
    ranks = {stage: rank for rank, stage in enumerate(STAGES)}
    return tuple(
        Stated(stage, dates[stage])
        for stage in sorted(dates, key=lambda stage: ranks.get(stage, len(ranks)))
    )


def read_stage(written: str) -> str | None:
    """Return the official stage that the words of a list mean, None if they leave a doubt.

    Examples
    --------
    >>> read_stage("Signataire ACI")
    'ACI signé'
    >>> read_stage("ACI en cours de signature") is None
    True
    """
    words = fold(_DATE.sub(" ", written)).split()
    held = set(words)
    if held & _UNDONE:
        return None
    if "aci" in held and (len(words) == 1 or _any(held, "sign", "contrat")):
        return _AGREEMENT
    if "aci" in held:
        return None
    if held & {"projet", "ps"} and _any(held, "valid"):
        return _PROJECT
    return _LETTER if words == ["li"] or {"lettre", "intention"} <= held else None


def stage_facts(stages: Sequence[Stated]) -> tuple[Fact, ...]:
    """Return the stages as facts of the CPTS."""
    return tuple(Fact(topic=TOPIC, value=item.stage, date=item.date) for item in stages)


def merged(stages: Sequence[Stated], others: Sequence[Stated]) -> tuple[Stated, ...]:
    """Return the stages that the rows of one CPTS state together, each once."""
    found = {item.stage: item for item in stages}
    for item in others:
        known = found.get(item.stage)
        if known is None or (item.date and _later(item.date, known.date)):
            found[item.stage] = item
    return tuple(sorted(found.values(), key=_rank))


def _rank(item: Stated) -> int:
    return STAGES.index(item.stage) if item.known else len(STAGES)


def _later(date: PartialDate, other: PartialDate | None) -> bool:
    return other is None or latest(date) > latest(other)


def _any(words: set[str], *beginnings: str) -> bool:
    return any(word.startswith(beginnings) for word in words)


def _inner_date(written: str) -> PartialDate | None:
    match = _DATE.search(written)
    try:
        return parse_date(match[0]) if match else None
    except DateError:
        return None


def _date(written: str, column: str, where: str, reporter: Reporter) -> PartialDate | None:
    if not written:
        return None
    try:
        return parse_date(written)
    except DateError:
        reporter.warn(where, "cpts.date", field=column, value=written)
        return None
