"""What ``maillage coverage`` and ``maillage suggest`` print (DESIGN.md section 8)."""

from __future__ import annotations

from explorer.services.coverage import STAYS, CoverageAnswer, Proposal
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.coverage_words import caveats, suggestion_caveats
from graph.analysis.coverage import CoverageRow
from graph.analysis.partnership import STATES
from graph.analysis.reach import Reach
from graph.analysis.travel import Crow, TravelTimes

Document = dict[str, object]

_REACH_FIELDS = ("population_covered", "share_covered", "population_near_supply")
_MORE_FIELDS = ("capacity_stated", "places_per_1000", "partnership_rate", "unstated")


def coverage_as_json(answer: CoverageAnswer, language: str) -> Document:
    """Return the document of a coverage table; reach is null where no radius was asked for."""
    question = answer.question
    return {
        "level": question.level,
        "focus": question.selection.focus,
        "as_of": question.selection.on.isoformat(),
        "radius_km": question.radius_km,
        "population": STAYS if question.stays else question.population,
        "minutes": question.minutes,
        "travel": travel_as_json(answer.times or Crow(), language) if answer.reached else None,
        "demand": question.demand if answer.reached else None,
        "rows": coverage_rows(answer),
        "caveats": caveats(answer, language),
    }


def coverage_rows(answer: CoverageAnswer) -> list[Document]:
    """Return one flat record a territory and kind, by territory then kind."""
    return [row_document(row, answer.reached.get((row.kind, row.territory))) for row in answer.rows]


def row_document(row: CoverageRow, reached: Reach | None) -> Document:
    """Return the record of one territory and kind; reach is null where it was not asked for."""
    return {
        "territory": row.territory,
        "name": row.name,
        "kind": row.kind,
        "population": row.population,
        "population_basis": row.basis,
        "supply": row.supply,
        "capacity": row.capacity,
        **{state: getattr(row, state) for state in ("own", *(s for s in STATES if s != "own"))},
        "state": row.state,
        **{name: getattr(reached, name, None) for name in _REACH_FIELDS},
        **{name: getattr(row, name) for name in _MORE_FIELDS},
        "median_metres": reached.metres.get(0.5) if reached else None,
        "median_minutes": reached.minutes.get(0.5) if reached else None,
    }


def travel_as_json(times: TravelTimes, language: str) -> Document:
    """Return what costs were: where they come from, the assumptions, and both in words."""
    travel = getattr(times, "travel", None)
    return {
        "by": times.by,
        "unit": times.unit,
        "detour": travel.detour if travel else None,
        "speed_kmh": travel.speed_kmh if travel else None,
        "words": times.sentence(language),
    }


def suggestion_as_json(proposal: Proposal, question: CoverageQuestion, language: str) -> Document:
    """Return the document of a suggestion: every set of structures that does as well."""
    found = proposal.suggestion
    return {
        "kind": found.kind,
        "count": found.count,
        "radius_km": question.radius_km,
        "focus": question.selection.focus,
        "as_of": question.selection.on.isoformat(),
        "candidates": found.candidates,
        "people": found.people,
        "population_basis": proposal.basis,
        "people_covered_before": found.people_covered_before,
        "people_covered_after": found.people_covered_after,
        "solutions": [list(sites) for sites in found.solutions],
        "truncated": found.truncated,
        "proven": found.proven,
        "people_at_most": found.people_at_most,
        "uncounted": list(found.uncounted),
        "unsized": list(found.unsized),
        "unlocated": list(found.unlocated),
        "caveats": suggestion_caveats(proposal, question, language),
    }
