"""Loader ``population``: people by age and commune, given by the user (75 and over...)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from graph.dates import PartialDate, partial
from graph.errors import InputError, UsageError
from graph.identifiers import slug, territory_ref
from graph.model import AnyClaim, SourceRecord, TerritoryClaim
from graph.store.port import LoadBatch
from graph.vocabulary import LEVELS
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.communes import CommuneIndex
from loaders.territories.age_files import EVERYBODY, AgeRow, read_ages
from loaders.territories.ages import THRESHOLDS, total_from
from loaders.territories.bundled import Territories, bundled

KNOWN_SHARE = 0.5
Figures = dict[int, float | None]
"""People of each age and over; age 0 is everybody."""


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read files of population by age into claims on communes and on what they make up.

    Raises
    ------
    InputError
        No code column, or no ages from which 65+, 75+ or 85+ can be counted.
    """
    reporter = Reporter()
    claims: list[AnyClaim] = []
    sources = []
    for path in paths:
        found = read_ages(path, reporter)
        source = SourceRecord(
            id=f"population-{slug(path.stem)}",
            family="territory",
            title=path.name,
            vintage=_vintage(context.options.get("vintage")) or found.vintage,
        )
        sources.append(source)
        level = context.options.get("level") or _level(found.rows, path)
        claims += _claims(found.rows, level, source, context, reporter)
    parts = frozenset(claim.part for claim in claims if claim.part)
    return LoadBatch(
        loader="population",
        series="population",
        sources=tuple(sources),
        claims=claims,
        report=reporter.report,
        parts=parts or None,
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )


def _vintage(value: str | None) -> PartialDate | None:
    if value is None:
        return None
    try:
        return partial(value)
    except ValueError:
        raise UsageError("territories.vintage", value=value) from None


def _level(rows: Sequence[AgeRow], path: Path) -> str:
    territories = bundled()
    index = CommuneIndex.bundled()
    for level in LEVELS[:5]:
        known = [
            index.current(row.code) if level == "commune" else territories.get(level, row.code)
            for row in rows
        ]
        if known and sum(map(bool, known)) >= KNOWN_SHARE * len(known):
            return level
    codes = ", ".join(row.code for row in rows[:3])
    raise InputError("territories.unknown_level", file=str(path), codes=codes)


def _claims(
    rows: Sequence[AgeRow],
    level: str,
    source: SourceRecord,
    context: LoadContext,
    reporter: Reporter,
) -> list[AnyClaim]:
    territories = bundled()
    reporter.read(len(rows))
    kept = _kept(rows, level, territories, reporter, context.departements)
    claims: list[AnyClaim] = [
        _claim(level, code, figures, source, where, territories)
        for code, (figures, where) in sorted(kept.items())
    ]
    if level == "commune":
        claims += _upper_claims({code: figures for code, (figures, _) in kept.items()}, source)
    return claims


def _kept(
    rows: Sequence[AgeRow],
    level: str,
    territories: Territories,
    reporter: Reporter,
    departements: tuple[str, ...],
) -> dict[str, tuple[Figures, str]]:
    """Return figures and place by code of today; merged communes summed."""
    found: dict[str, list[tuple[AgeRow, Figures]]] = defaultdict(list)
    for row in rows:
        codes = _current(row.code, level, territories)
        figures = {age: total_from(row.values, age) for age in THRESHOLDS}
        # only a total that the file states: sums of estimated bands miss the official one by a few
        figures[0] = row.values.get(EVERYBODY)
        if len(codes) != 1:
            code = "territories.city" if codes else "territories.code"
            reporter.reject(row.row, code, field="code", value=row.code, level=level)
        elif not any(figures[age] is not None for age in THRESHOLDS):
            reporter.reject(row.row, "territories.no_value", value=row.code)
        elif not _falls(figures):
            reporter.reject(row.row, "territories.ages_grow", value=row.code)
        elif departements and territories.part(level, codes[0]) not in departements:
            reporter.skip()
        else:
            found[codes[0]].append((row, figures))
    return _summed(found, level, reporter)


def _current(code: str, level: str, territories: Territories) -> tuple[str, ...]:
    if level == "commune":
        return CommuneIndex.bundled().current(code)
    return (code,) if territories.get(level, code) else ()


def _falls(figures: Figures) -> bool:
    """Tell whether there are no more people of 75 and over than of 65 and over, and so on."""
    counts = [count for _, count in sorted(figures.items()) if count is not None]
    return all(younger >= older for younger, older in pairwise(counts))


def _summed(
    found: Mapping[str, list[tuple[AgeRow, Figures]]], level: str, reporter: Reporter
) -> dict[str, tuple[Figures, str]]:
    kept: dict[str, tuple[Figures, str]] = {}
    for code, given in found.items():
        items = given
        own = [item for item in items if item[0].code.upper() == code]
        if len(own) > 1:
            for row, _ in own[1:]:
                reporter.reject(row.row, "territories.twice", field="code", value=code)
            items = [item for item in items if item[0].code.upper() != code] + own[:1]
        elif not own:
            for row, _ in items:
                reporter.reject(row.row, "territories.part", value=row.code, current=code)
            continue
        reporter.keep(len(items))
        where = ", ".join(row.row for row, _ in items)
        kept[code] = (_add(figures for _, figures in items), where)
        for row, _ in items:
            if level == "commune" and row.code.upper() != code:
                reporter.warn(row.row, "territories.merged", value=row.code, current=code)
    return kept


def _add(several: Iterable[Figures]) -> Figures:
    tables = list(several)
    total: Figures = {}
    for age in (0, *THRESHOLDS):
        counts = [table[age] for table in tables]
        known = [count for count in counts if count is not None]
        total[age] = sum(known) if len(known) == len(counts) else None
    return total


def _upper_claims(communes: Mapping[str, Figures], source: SourceRecord) -> list[AnyClaim]:
    """Return the sums of every territory all of whose communes are in the file."""
    territories = bundled()
    claims: list[AnyClaim] = []
    for ref, members in sorted(territories.members.items()):
        if not all(code in communes for code in members):
            continue
        level, _, code = ref.partition(":")
        where = f"somme de {len(members)} communes"
        figures = _add(communes[member] for member in members)
        claims.append(_claim(level, code, figures, source, where, territories))
    return claims


def _claim(
    level: str,
    code: str,
    figures: Figures,
    source: SourceRecord,
    locator: str,
    territories: Territories,
) -> TerritoryClaim:
    whole = {age: None if count is None else round(count) for age, count in figures.items()}
    return TerritoryClaim(
        id=territory_ref(level, code),
        level=level,
        code=code,
        source=source.id,
        locator=locator,
        part=territories.part(level, code),
        population=whole[0],
        population_65=whole[65],
        population_75=whole[75],
        population_85=whole[85],
    )


POPULATION_SPEC = SourceSpec(
    id="population",
    family="territory",
    read=read,
    by_departement=True,
    extensions=(".csv", ".txt", ".json", ".xlsx", ".xls", ".ods"),
    publisher="INSEE",
    licence="Licence Ouverte",
    address="https://www.insee.fr",
)
