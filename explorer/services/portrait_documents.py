"""What ``maillage portrait`` prints: one JSON document, or lines to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_documents import coverage_rows
from explorer.services.portrait import Portrait
from explorer.services.portrait_parts import covering
from explorer.services.portrait_reference import FRANCE, Beside, count_of
from graph.analysis.people import Basis
from graph.messages import text

Document = dict[str, object]

_BASES: tuple[Basis, ...] = ("total", "65", "75")


def portrait_as_json(
    found: Portrait, answer: CoverageAnswer, ref: str, beside: Beside | None
) -> Document:
    """Return the document of a portrait: numbers by kind beside the reference, and the words."""
    question = answer.question
    other = beside.rows() if beside else {}
    rows = [row for row in answer.rows if row.territory == ref]
    numbers = [item for item in coverage_rows(answer) if item["territory"] == ref]
    for item in numbers:
        near = other.get(str(item["kind"]))
        item["reference_supply"] = near.supply if near else None
        item["reference_places_per_1000"] = near.places_per_1000 if near else None
        item["reference_partnership_rate"] = near.partnership_rate if near else None
    names = ("by_filiere", "by_site", "agreements", "lapsing", "gaps", "sources")
    return {
        "territory": ref,
        "name": answer.read.ground.atlas[ref].name,
        "as_of": question.selection.on.isoformat(),
        "focus": question.selection.focus,
        "against": _against(beside),
        "population": _people(answer, ref),
        "reference_population": _people(beside.answer, beside.ref) if beside else None,
        "rows": numbers,
        "covering": covering(rows),
        **{name: list(getattr(found, name)) for name in names},
        "caveats": list(found.notes),
    }


def _against(beside: Beside | None) -> str | None:
    if beside is None:
        return None
    return FRANCE if beside.ref.endswith(f":{FRANCE}") else beside.ref


def _people(answer: CoverageAnswer, ref: str) -> dict[str, float | None]:
    return {basis: count_of(answer.read.ground.atlas, ref, basis) for basis in _BASES}


def portrait_lines(found: Portrait, language: str) -> Iterator[str]:
    """Yield the portrait for a person, section by section."""
    yield found.title
    said = text("coverage.page.portrait_on", language, day=found.date)
    if found.reference:
        said += f". {text('coverage.page.portrait_beside', language, name=found.reference)}"
    yield said
    sections = (
        ("people", [_beside(item.count, item.share, item.reference) for item in found.people]),
        ("figures", found.figures),
        ("covered_by", found.covered_by),
        (
            "supply_title",
            [
                f"{line.kind} · {line.state} · {_beside(line.supply, line.density, line.reference)}"
                for line in found.lines
            ],
        ),
        (
            "activities",
            [
                f"{item.name} · {_beside(item.supply, item.density, item.reference)}"
                for item in found.activities
            ],
        ),
        ("by_filiere", found.by_filiere),
        ("by_site", found.by_site),
        ("lapsing", found.lapsing),
        ("gaps_three", found.gaps),
    )
    for name, lines in sections:
        if lines:
            yield ""
            yield text(f"portrait.title.{name}", language)
            yield from (f"  {line}" for line in lines)


def _beside(said: str, value: str, reference: str) -> str:
    """Return what is said with a number and, in brackets, that of the reference."""
    number = f"{value} ({reference})" if value and reference else value
    return " · ".join(part for part in (said, number) if part)
