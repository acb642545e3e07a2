"""Parts of a portrait in words: who covers, activities, agreements by filière and site, lapses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from explorer.services.coverage import CoverageAnswer
from explorer.services.portrait_reference import Beside, rows_of
from explorer.viewmodel.model import View
from explorer.wording import day_in_words, joined, number_in_words
from graph.analysis.coverage import CoverageRow
from graph.analysis.partnership import PARTNER_STATES, STATES
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import kind_offers
from graph.messages import catalogue, text
from graph.model import Cooperation
from graph.vocabulary import KINDS

LAPSE_DAYS = 365
MOST_ACTIVITIES = 10
MOST_TITLES = 3
ALWAYS = ("CPTS", "DAC", "SAS")
"""Kinds of which a portrait says who covers the territory, or that this is not known."""

CLS = "cls"
"""A local health contract is an agreement with a territory, not a structure (DOMAIN.md)."""


class PortraitActivity(View, frozen=True, kw_only=True):
    """An activity of a kind in the territory: how many offer it, places, and beside what."""

    name: str
    supply: str
    density: str
    reference: str


def covering(rows: Sequence[CoverageRow]) -> dict[str, list[str] | None]:
    """Return who covers a territory by a zone or perimeter, by kind; None where it is not known.

    `rows` are those of the territory.
    """
    return {
        row.kind: None
        if row.state == "unknown"
        else sorted(ident for ids in row.structures.values() for ident in ids)
        for row in sorted(rows, key=lambda row: KINDS.index(row.kind))
        if service_rule(row.kind) != "place"
    }


def covered_by(
    answer: CoverageAnswer, ref: str, rows: Sequence[CoverageRow], language: str
) -> Iterator[str]:
    """Yield who covers the territory: CPTS, DAC, SAS and CLS always, others if they do."""
    by_kind = {row.kind: row for row in rows}
    found = covering(rows)
    for kind in sorted({*ALWAYS, *found}, key=KINDS.index):
        said = None
        if ids := found.get(kind):
            said = _holders(answer, ref, kind, ids, language)
        elif kind in ALWAYS:
            said = text(f"portrait.{_silence(by_kind.get(kind))}", language)
        if said:
            name = text(f"kind_short.{kind}", language)
            yield text("coverage.line.kind", language, kind=name, state=said)
    yield _contracts(answer, ref, language)


def _silence(row: CoverageRow | None) -> str:
    """Return how it is said that nobody is known to cover: not asked, not known, or nobody."""
    if row is None:
        return "not_asked"
    return "nobody" if row.state == "no_supply" else "not_known"


def _holders(answer: CoverageAnswer, ref: str, kind: str, ids: Sequence[str], language: str) -> str:
    """Return the names of who covers, with the communes that each holds where not all."""
    communes = answer.read.ground.atlas.communes(ref)
    areas = {o.structure.id: o for o in kind_offers(answer.read.situation, kind) if o.communes}
    said = []
    for ident in ids:
        offer = areas[ident]
        inside = len((offer.communes or frozenset()) & communes)
        name = offer.structure.name or ident
        part = {"name": name, "n": inside, "all": len(communes)}
        said.append(name if inside == len(communes) else text("portrait.part", language, **part))
    return joined(said, language)


def _contracts(answer: CoverageAnswer, ref: str, language: str) -> str:
    """Return the local health contracts of the territory; no register lists all of them."""
    communes = answer.read.ground.atlas.communes(ref)
    atlas = answer.read.ground.atlas
    titles = sorted(
        item.title or item.id
        for item in answer.read.network.cooperations.values()
        if item.type == CLS and any(atlas.communes(each) & communes for each in item.territory)
    )
    key = "cls" if titles else "cls_unknown"
    return text(f"portrait.{key}", language, names=joined(titles, language))


def activities(
    answer: CoverageAnswer,
    ref: str,
    rows: Sequence[CoverageRow],
    beside: Beside | None,
    language: str,
) -> list[PortraitActivity]:
    """Return the activities that structures of the territory are known to have, kind by kind."""
    held = _held(answer, rows)[:MOST_ACTIVITIES]
    return [
        _activity(
            kind, activity, (answer, ref), (beside.answer, beside.ref) if beside else None, language
        )
        for kind, activity in held
    ]


def _held(answer: CoverageAnswer, rows: Sequence[CoverageRow]) -> list[tuple[str, str]]:
    """Return the kinds and activities of the structures of `rows`, those of most at the head."""
    structures = {item.id: item for item in answer.read.situation.structures}
    counts = Counter(
        (row.kind, activity)
        for row in rows
        for state in STATES
        for ident in row.structures[state]
        for activity in structures[ident].activities
    )
    return sorted(counts, key=lambda pair: (-counts[pair], KINDS.index(pair[0]), pair[1]))


def _activity(
    kind: str,
    activity: str,
    here: tuple[CoverageAnswer, str],
    there: tuple[CoverageAnswer, str] | None,
    language: str,
) -> PortraitActivity:
    (row,) = rows_of(*here, [kind], activity)
    beside = rows_of(*there, [kind], activity)[0].places_per_1000 if there else None
    name = text(
        "portrait.activity",
        language,
        kind=text(f"kind_short.{kind}", language),
        activity=catalogue(language).get(f"activity.{activity}", activity),
    )
    count = sum(getattr(row, state) for state in STATES)
    places = number_in_words(round(row.capacity), language) if row.capacity is not None else ""
    key = "activity_places" if places else "activity_count"
    return PortraitActivity(
        name=name,
        supply=text(f"portrait.{key}", language, n=count, places=places),
        density=rounded(row.places_per_1000, language),
        reference=rounded(beside, language),
    )


def rounded(value: float | None, language: str) -> str:
    """Return a number with one decimal, empty where it is not known."""
    return "" if value is None else number_in_words(round(value, 1), language)


def concerned(answer: CoverageAnswer, rows: Sequence[CoverageRow]) -> list[Cooperation]:
    """Return the agreements with the partners that serve the territory, by title."""
    network = answer.read.network.network
    keys = {
        key
        for row in rows
        for state in PARTNER_STATES
        for ident in row.structures[state]
        if ident in network.partners
        for key in network.partners[ident].cooperations
    }
    found = [answer.read.network.cooperations[key] for key in keys]
    return sorted(found, key=lambda item: ((item.title or item.id).casefold(), item.id))


def agreements(
    answer: CoverageAnswer, signed: Sequence[Cooperation], language: str
) -> Iterator[str]:
    """Yield each agreement with its filière or themes, its sites and its status."""
    names = {key: item.name or key for key, item in answer.read.network.structures.items()}
    standings = answer.read.network.network.standings
    for item in signed:
        sites = [names.get(site, site) for site in item.sites]
        parts = [
            item.filiere or joined(list(item.themes), language),
            joined(sites, language) if sites else "",
            text(f"status.{standings[item.id].status}", language),
        ]
        details = " ; ".join(part for part in parts if part)
        yield text(
            "coverage.page.agreement", language, title=item.title or item.id, details=details
        )


def by_filiere(signed: Sequence[Cooperation], language: str) -> list[str]:
    """Return how many agreements each filière has, those of most at the head, with titles."""
    groups: dict[str, list[Cooperation]] = defaultdict(list)
    for item in signed:
        # a source that names no filière names themes, which people read the same way
        for name in (item.filiere,) if item.filiere else item.themes or ("",):
            groups[name].append(item)
    return _grouped(groups, "no_filiere", language)


def by_site(answer: CoverageAnswer, signed: Sequence[Cooperation], language: str) -> list[str]:
    """Return how many agreements each site of the group has, those of most at the head."""
    names = {key: item.name or key for key, item in answer.read.network.structures.items()}
    groups: dict[str, list[Cooperation]] = defaultdict(list)
    for item in signed:
        for site in item.sites or ("",):
            groups[names.get(site, site)].append(item)
    return _grouped(groups, "no_site", language)


def _grouped(groups: dict[str, list[Cooperation]], unnamed: str, language: str) -> list[str]:
    ordered = sorted(groups.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0]))
    return [
        text(
            "portrait.group",
            language,
            name=name or text(f"portrait.{unnamed}", language),
            n=len(items),
            titles=_titles(items, language),
        )
        for name, items in ordered
    ]


def _titles(items: Sequence[Cooperation], language: str) -> str:
    titles = [item.title or item.id for item in items[:MOST_TITLES]]
    if more := len(items) - len(titles):
        titles.append(text("coverage.line.more", language, n=more))
    return ", ".join(titles)


def lapsing(answer: CoverageAnswer, signed: Sequence[Cooperation], language: str) -> Iterator[str]:
    """Yield the agreements that end within a year, the first to end at the head."""
    standings = answer.read.network.network.standings
    limit = answer.question.selection.on + timedelta(days=LAPSE_DAYS)
    ending = [
        (term, item)
        for item in signed
        if (term := standings[item.id].term) is not None and term <= limit
    ]
    for term, item in sorted(ending, key=lambda pair: (pair[0], pair[1].id)):
        day = day_in_words(term, language)
        yield text("coverage.page.lapse", language, title=item.title or item.id, day=day)
