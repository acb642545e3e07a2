"""Finer polygons given by the user, in place of the bundled ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from graph.errors import InputError, UsageError
from graph.identifiers import slug, territory_ref
from graph.model import AnyClaim, SourceRecord, TerritoryClaim
from graph.store.port import LoadBatch
from graph.vocabulary import LEVELS
from loaders.base import LoadContext, Reporter, checksum
from loaders.communes import CommuneIndex
from loaders.territories.bundled import Territories, bundled
from loaders.territories.features import OWN_LEVELS, read_features, usable
from loaders.territories.recognise import AGREEMENT, Feature, Reading, agrees, best_reading

EXTENSIONS = (".geojson", ".json", ".gpkg", ".zip", ".shp", ".parquet", ".geoparquet")
PARIS = "751"


def read_polygons(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read polygon files of one level each into claims.

    Options of the context: ``level``, ``crs``, ``code`` and ``name`` (columns) where the file does
    not say them.

    Raises
    ------
    InputError
        Not a polygon file, unknown coordinates, or a level that cannot be told.
    UsageError
        An option with an unknown value.
    """
    _check_level(context.options.get("level"))
    reporter = Reporter()
    claims: dict[str, AnyClaim] = {}
    sources: dict[str, SourceRecord] = {}
    levels: set[str] = set()
    for path in paths:
        source = SourceRecord(id=f"contours-{slug(path.stem)}", family="territory", title=path.name)
        sources[source.id] = source
        features = read_features(path, context)
        reporter.read(len(features))
        found, level = _claims(features, source, path, context, reporter)
        claims |= {f"{claim.id} {source.id}": claim for claim in found}
        levels.add(level)
    parts = frozenset(claim.part for claim in claims.values() if claim.part)
    return LoadBatch(
        loader="territoires",
        series=f"territoires:{'+'.join(sorted(levels))}",
        sources=tuple(sources.values()),
        claims=list(claims.values()),
        report=reporter.report,
        parts=parts or None,
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )


def _check_level(level: str | None) -> None:
    if level is not None and level not in LEVELS:
        raise UsageError("territories.level", value=level, allowed=", ".join(LEVELS))


def _claims(
    features: Sequence[Feature],
    source: SourceRecord,
    path: Path,
    context: LoadContext,
    reporter: Reporter,
) -> tuple[list[AnyClaim], str]:
    level = context.options.get("level")
    if level in OWN_LEVELS:
        return _own_level(features, level, source, reporter), level
    territories = bundled()
    reading, share = best_reading(features, territories, level)
    if share < AGREEMENT:
        codes = ", ".join(feature.code for feature in features[:3])
        raise InputError("territories.unknown_level", file=str(path), codes=codes)
    drawn = _drawn(features, reading, territories, reporter)
    claims: list[AnyClaim] = []
    for code, members in sorted(drawn.items()):
        shape = shapely.union_all([shape for _, shape in members])
        numbers = ", ".join(str(feature.number) for feature, _ in members)
        if (
            context.departements
            and territories.part(reading.level, code) not in context.departements
        ):
            reporter.skip(len(members))
            continue
        reporter.keep(len(members))
        where = f"élément {numbers}"
        claims += [
            _claim(level, code, shape, source, where, territories)
            for level in _levels(reading.level, code)
        ]
    return claims, reading.level


def _levels(level: str, code: str) -> tuple[str, ...]:
    """Return the levels that a polygon belongs to: Paris's stand at two."""
    both = (
        level in ("commune", "arrondissement") and code.startswith(PARIS) and len(code) > len(PARIS)
    )
    return ("commune", "arrondissement") if both else (level,)


def _drawn(
    features: Sequence[Feature], reading: Reading, territories: Territories, reporter: Reporter
) -> dict[str, list[tuple[Feature, BaseGeometry]]]:
    """Return the usable polygons by our code, and report the others."""
    drawn: dict[str, list[tuple[Feature, BaseGeometry]]] = defaultdict(list)
    for feature in features:
        code = reading.to_code(feature.code)
        row = str(feature.number)
        if territories.get(reading.level, code) is None:
            _reject_code(feature, reading, reporter)
        elif code == feature.code and not agrees(feature, reading, territories):
            reporter.reject(
                row,
                "territories.elsewhere",
                field="code",
                value=feature.code,
                name=feature.name or "",
            )
        elif (shape := usable(feature, reporter)) is not None:
            if reading.level == "commune" and code != feature.code:
                reporter.warn(row, "territories.merged", value=feature.code, current=code)
            drawn[code].append((feature, shape))
    return _complete(drawn, reading, reporter)


def _reject_code(feature: Feature, reading: Reading, reporter: Reporter) -> None:
    several = CommuneIndex.bundled().current(feature.code) if reading.level == "commune" else ()
    reporter.reject(
        str(feature.number),
        "territories.city" if several else "territories.code",
        field="code",
        value=feature.code,
        level=reading.level,
    )


def _complete(
    drawn: dict[str, list[tuple[Feature, BaseGeometry]]], reading: Reading, reporter: Reporter
) -> dict[str, list[tuple[Feature, BaseGeometry]]]:
    """Leave out communes of which only a part that merged into them is drawn."""
    whole = {}
    for code, members in drawn.items():
        if reading.level == "commune" and all(feature.code != code for feature, _ in members):
            for feature, _ in members:
                reporter.reject(
                    str(feature.number),
                    "territories.part",
                    field="code",
                    value=feature.code,
                    current=code,
                )
        else:
            whole[code] = members
    return whole


def _own_level(
    features: Sequence[Feature], level: str, source: SourceRecord, reporter: Reporter
) -> list[AnyClaim]:
    claims: dict[str, AnyClaim] = {}
    for feature in features:
        code = slug(feature.code or feature.name or "")
        row = str(feature.number)
        if not code or code in claims:
            reporter.reject(row, "territories.own_code", field="code", value=feature.code)
        elif (shape := usable(feature, reporter)) is not None:
            reporter.keep()
            claims[code] = TerritoryClaim(
                id=territory_ref(level, code),
                level=level,
                code=code,
                name=feature.name,
                source=source.id,
                locator=f"élément {feature.number}",
                geometry=shapely.to_wkb(shape),
            )
    return list(claims.values())


def _claim(
    level: str,
    code: str,
    shape: BaseGeometry,
    source: SourceRecord,
    locator: str,
    territories: Territories,
) -> TerritoryClaim:
    # no name: the official one has its article, the file's often has not
    return TerritoryClaim(
        id=territory_ref(level, code),
        level=level,
        code=code,
        source=source.id,
        locator=locator,
        part=territories.part(level, code),
        geometry=shapely.to_wkb(shape),
    )
