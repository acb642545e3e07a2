"""Loader ``apl``: potential accessibility to doctors and carers by commune (DREES)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from graph.dates import PartialDate, latest, partial
from graph.errors import InputError, UsageError
from graph.identifiers import split_ref, territory_ref
from graph.model import AnyClaim, Fact, SourceRecord, TerritoryClaim
from graph.store.port import LoadBatch
from loaders.apl.columns import DOCTORS, PROFESSIONS, UNDERSERVED, is_measure, profession_of
from loaders.apl.communes import Key, NotANumberError, Stated, communes_of, number_of, weighted
from loaders.apl.files import AplRow, Figure, read_file
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.territories.bundled import bundled

PUBLISHER = "DREES"
LICENCE = "Licence Ouverte 2.0 (Etalab)"
ADDRESS = (
    "https://data.drees.solidarites-sante.gouv.fr/explore/dataset/"
    "530_l-accessibilite-potentielle-localisee-apl"
)
WEIGHTED = "moyenne pondérée par la population standardisée"
PUBLISHED = "moyenne publiée avec les valeurs communales"
SEVERAL = "professions"
"""Source of the files that hold several professions."""
DECIMALS = 3


class Group:
    """The files of a load that speak of the same professions: one source."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.rows: list[AplRow] = []
        self.published: list[tuple[str, list[Figure]]] = []


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read accessibility files into figures of communes and of what they make up.

    Files are told apart by content: DREES workbooks (one sheet a year), text tables, Parquet and
    JSON copies. Professions make sources of their own, so that one never removes another. Means of
    upper territories are weighted by standardised population, and given only where every commune
    is.

    Parameters
    ----------
    paths : sequence of Path
        Files of one or several professions.
    context : LoadContext
        `departements` limits the load; option ``vintage`` is the year of a file that names none.

    Returns
    -------
    LoadBatch
        One claim for each territory and source.

    Raises
    ------
    InputError
        A file that cannot be read, is something else, or whose year nothing tells.
    """
    reporter = Reporter()
    claims: list[AnyClaim] = []
    sources = []
    for name, group in sorted(_groups(paths, context).items()):
        source = _source(name, group)
        sources.append(source)
        communes = communes_of(group.rows, reporter)
        inside = _inside(communes, context, reporter)
        claims += _claims(inside, source)
        claims += _published(group, inside, source, reporter)
    _warn_if_older(sources, context, reporter)
    return LoadBatch(
        loader="apl",
        series="apl",
        sources=tuple(sources),
        claims=claims,
        report=reporter.report,
        parts=frozenset(claim.part for claim in claims),
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )


def is_underserved(value: float) -> bool:
    """Tell whether an accessibility to general practitioners is at or under the threshold."""
    return value <= UNDERSERVED


def _groups(paths: Sequence[Path], context: LoadContext) -> dict[str, Group]:
    groups: dict[str, Group] = defaultdict(Group)
    for path in paths:
        found = read_file(path, _asked_year(context))
        topics = {figure.topic for row in found.rows for figure in row.figures}
        professions = sorted({profession_of(topic) for topic in topics if is_measure(topic)})
        if not professions:
            raise InputError("apl.no_table", file=str(path), found="–")
        group = groups[professions[0] if len(professions) == 1 else SEVERAL]
        group.paths.append(path)
        group.rows += [row._replace(place=f"{path.name}, {row.place}") for row in found.rows]
        if found.published:
            group.published.append((path.name, found.published))
    return groups


def _asked_year(context: LoadContext) -> str | None:
    value = context.options.get("vintage")
    try:
        return partial(value)[:4] if value else None
    except ValueError:
        raise UsageError("territories.vintage", value=value) from None


def _source(name: str, group: Group) -> SourceRecord:
    years = {figure.year for row in group.rows for figure in row.figures}
    professions = PROFESSIONS.get(name, "plusieurs professions")
    return SourceRecord(
        id=f"apl-{name}",
        family="drees",
        title=f"Accessibilité potentielle localisée ({professions})",
        publisher=PUBLISHER,
        licence=LICENCE,
        url=ADDRESS,
        vintage=PartialDate(max(years)),
        note=", ".join(path.name for path in group.paths),
    )


def _warn_if_older(
    sources: Iterable[SourceRecord], context: LoadContext, reporter: Reporter
) -> None:
    stored = {item.id: item.vintage for item in context.store.sources()} if context.store else {}
    for source in sources:
        known = stored.get(source.id)
        if source.vintage and known and latest(known) > latest(source.vintage):
            reporter.warn(source.title, "apl.older", value=source.vintage, stored=known)


def _inside(
    communes: Mapping[str, Stated], context: LoadContext, reporter: Reporter
) -> dict[str, Stated]:
    if not context.departements:
        return dict(communes)
    territories = bundled()
    inside = {
        code: item
        for code, item in communes.items()
        if territories.part("commune", code) in context.departements
    }
    outside = sum(item.rows for code, item in communes.items() if code not in inside)
    reporter.report.kept -= outside
    reporter.skip(outside)
    return inside


def _claims(communes: Mapping[str, Stated], source: SourceRecord) -> Iterator[TerritoryClaim]:
    for code, item in communes.items():
        facts = [_fact(key, value, item) for key, value in sorted(item.numbers.items())]
        yield _claim("commune", code, facts, f"code {item.code}", source)
    for ref, members in sorted(bundled().members.items()):
        if all(member in communes for member in members):
            level, code = split_ref(ref)
            rows = [communes[member] for member in members]
            facts = list(_means(rows))
            if facts:
                yield _claim(level, code, facts, f"moyenne de {len(members)} communes", source)


def _means(rows: Sequence[Stated]) -> Iterator[Fact]:
    for key in sorted({key for row in rows for key in row.numbers}):
        if not is_measure(key[0]):
            if all(key in row.numbers for row in rows):
                yield _fact(key, sum(row.numbers[key] for row in rows), rows[0])
        elif (mean := weighted(rows, key)) is not None:
            yield _fact(key, mean, rows[0], WEIGHTED)


def _fact(key: Key, value: float, item: Stated, note: str | None = None) -> Fact:
    topic, year = key
    tagged = topic == f"apl_{DOCTORS}" and note is None and is_underserved(value)
    return Fact(
        topic=topic,
        value=round(value, DECIMALS),
        unit=item.units.get(topic),
        qualifier="sous_dotee" if tagged else None,
        date=PartialDate(year),
        note=note,
    )


def _claim(
    level: str, code: str, facts: Sequence[Fact], locator: str, source: SourceRecord
) -> TerritoryClaim:
    return TerritoryClaim(
        id=territory_ref(level, code),
        level=level,
        code=code,
        source=source.id,
        locator=locator,
        part=f"{bundled().part(level, code)}:{source.id.removeprefix('apl-')}",
        figures=tuple(facts),
    )


def _published(
    group: Group, communes: Mapping[str, Stated], source: SourceRecord, reporter: Reporter
) -> Iterator[TerritoryClaim]:
    """Yield the means that a file states of the one département whose communes it lists."""
    for name, figures in group.published:
        places = [item for code, item in communes.items() if item.place.startswith(name)]
        codes = {bundled().part("commune", item.code) for item in places}
        if len(codes) != 1:
            continue
        facts = []
        for figure in figures:
            try:
                value = number_of(figure.value)
            except NotANumberError:
                reporter.warn(f"{name}, dep", "apl.number", field="dep", value=figure.value)
                continue
            if value is not None:
                item = Stated(name, "", {}, {figure.topic: figure.unit})
                facts.append(_fact((figure.topic, figure.year), value, item, PUBLISHED))
        yield _claim("departement", codes.pop(), facts, f"{name}, dep", source)


SPEC = SourceSpec(
    id="apl",
    family="drees",
    read=read,
    by_departement=True,
    extensions=(".xlsx", ".xls", ".ods", ".csv", ".txt", ".parquet", ".json"),
    publisher=PUBLISHER,
    licence=LICENCE,
    address=ADDRESS,
)
