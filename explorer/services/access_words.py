"""Distances, times and accessibility in words: findings, lines to read, what stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explorer.services.access import Distances, Nearest, NearestRow, Spread
from explorer.services.accessibility import Accessibility
from explorer.services.accessibility_table import AccessRow
from explorer.services.coverage_words import people_words, place_words
from explorer.wording import joined, number_in_words
from graph.analysis.bands import BandText
from graph.analysis.travel import Crow, Estimated
from graph.messages import catalogue, text
from graph.model import Structure

_NAMED = 5
_LEAST = 0.01
_MEDIAN = 0.5
_NINE_TENTHS = 0.9


def cost_words(cost: float, unit: str, language: str) -> str:
    """Return a cost with its unit: 3,2 km, 12 min."""
    said = number_in_words(round(cost, 1 if unit == "km" else 0), language)
    return text(f"access.cost.{unit}", language, value=said)


def nearest_words(end: Nearest | None, found: Distances, language: str) -> str:
    """Return who is nearest, how far, and how sure its place is."""
    if end is None:
        return text("access.nobody", language)
    parts = [cost_words(end.km, "km", language)]
    if end.minutes is not None:
        key = "measured" if found.times.by in {"table", "router"} else "estimated"
        said = cost_words(end.minutes, "min", language)
        parts.append(text(f"access.minutes.{key}", language, said=said))
    parts += [text("access.rough", language)] if end.approximate else []
    parts += [text("access.outside", language)] if end.outside else []
    return text("access.end", language, name=end.name, how=", ".join(parts))


def spread_words(each: Spread, unit: str, language: str) -> str:
    """Return a distribution as a sentence: the median, then nine tenths, then those beyond."""
    side = text(f"access.side.{each.side}", language)
    known = each.known
    if not known.people:
        return text("access.spread.unknown", language, side=side)
    if known.median is None:
        near = max(known.within.values(), default=0.0)
        limit = cost_words(max(known.within, default=0.0), unit, language)
        key = "none" if not near else "few"
        return text(f"access.spread.{key}", language, side=side, limit=limit, share=_share(near))
    half = cost_words(known.median, unit, language)
    most = known.deciles.get(_NINE_TENTHS)
    if most is None:
        return text("access.spread.half", language, side=side, half=half)
    nine = cost_words(most, unit, language)
    return text("access.spread.both", language, side=side, half=half, most=nine)


def within_words(each: Spread, unit: str, language: str) -> str:
    """Return the cumulative shares, limit by limit."""
    items = [
        text("access.share", language, limit=f"{limit:g} {unit}", share=_share(share))
        for limit, share in each.known.within.items()
    ]
    return text("coverage.line.between", language).join(items)


def _share(share: float) -> str:
    return f"{100 * share:.0f}"


def distance_lines(found: Distances, language: str) -> Iterator[str]:
    """Yield distributions by territory, then the nearest of each commune."""
    unit = found.times.unit
    for each in found.spreads:
        kind = text(f"kind_short.{each.kind}", language)
        people = people_words(each.known.people, each.basis, language)
        yield f"{place_words(each.territory, each.name, language)}, {kind} ({people})"
        yield f"  {spread_words(each, unit, language)}"
        if each.known.within:
            yield f"  {within_words(each, unit, language)}"
    for row in found.rows:
        yield from _nearest_lines(row, found, language)


def _nearest_lines(row: NearestRow, found: Distances, language: str) -> Iterator[str]:
    kind = text(f"kind_short.{row.kind}", language)
    yield f"{row.name} ({row.commune}), {kind}"
    for side, end in (("partner", row.partner), ("supply", row.supply)):
        said = nearest_words(end, found, language)
        yield f"  {text(f'access.nearest.{side}', language, said=said)}"


def distance_notes(found: Distances, language: str) -> list[str]:
    """Return what must be said beside distances and distributions."""
    said = [found.times.sentence(language)]
    if isinstance(found.times, Crow):
        said.append(Estimated().sentence(language))
    said.append(text(f"access.from.{found.question.demand}", language))
    limit = cost_words(found.limit, found.times.unit, language)
    said.append(text("access.looked", language, limit=limit))
    if found.areal:
        kinds = joined([text(f"kind_short.{kind}", language) for kind in found.areal], language)
        said.append(text("access.areal", language, kinds=kinds))
    structures = found.read.situation.structures
    for key, ids in (("approximate", found.approximate), ("unreachable", found.unplaced)):
        if ids:
            names = _names(structures, ids, language)
            said.append(text(f"coverage.caveat.{key}", language, n=len(ids), names=names))
    if found.timeless:
        said.append(text("access.timeless", language, n=found.timeless))
    return said


def unit_words(found: Accessibility, language: str) -> str:
    """Return the unit of a figure: of what, for how many people, of which age."""
    per = number_in_words(found.per, language)
    people = text(f"access.people.{found.basis}", language)
    return text(f"access.unit.{found.counted}", language, per=per, people=people)


def access_lines(found: Accessibility, language: str) -> Iterator[str]:
    """Yield places in reach by territory, or why there are none."""
    yield method_words(found, language)
    if found.why is not None:
        yield text(f"access.why.{found.why}", language, kind=_kind(found, language))
        return
    for row in found.rows:
        yield f"  {access_line(row, language)}"
    yield from rank_lines(found, language)


def access_line(row: AccessRow, language: str) -> str:
    """Return the figures of one territory in a line."""
    values = {
        side: figure_or_unknown(value, language)
        for side, value in (("partner", row.partner), ("supply", row.supply))
    }
    return text("access.line", language, place=row.name, **values)


def figure_or_unknown(value: float | None, language: str) -> str:
    """Return a figure, two digits behind the point at most; « non renseigné » for None."""
    if value is None:
        return text("word.unknown", language)
    if 0 < value < _LEAST / 2:
        return text("access.under", language, value=number_in_words(_LEAST, language))
    return number_in_words(round(value, 2), language)


def method_words(found: Accessibility, language: str) -> str:
    """Return kind, method, bands and unit."""
    bands = band_words(found.bands, language) if found.bands else text("access.falling", language)
    method = text(f"access.method.{found.approach}", language)
    unit = unit_words(found, language)
    kind = _kind(found, language)
    return text("access.title", language, kind=kind, method=method, bands=bands, unit=unit)


def band_words(bands: BandText, language: str) -> str:
    """Return bands as they can be typed in, with the decimal sign of the language."""
    written = str(bands)
    return written.replace(".", ",") if language == "fr" else written


def rank_lines(found: Accessibility, language: str) -> Iterator[str]:
    """Yield the rank correlations with official figures, with how many communes and the period."""
    for topic, (ranked, period) in sorted(found.ranks.items()):
        key = "rank" if ranked.value is not None else "no_rank"
        value = number_in_words(round(ranked.value or 0.0, 2), language)
        yield text(
            f"access.{key}",
            language,
            topic=topic_words(topic, language),
            value=value,
            n=ranked.n,
            period=period,
        )


def topic_words(topic: str, language: str) -> str:
    """Return the name of an official figure; its code where it has none."""
    return catalogue(language).get(f"topic.{topic}", topic)


def access_notes(found: Accessibility, language: str) -> list[str]:
    """Return what must be said beside accessibility."""
    said = [found.times.sentence(language), text(f"access.from.{found.question.demand}", language)]
    said.append(text("access.shared", language))
    if found.basis == "65" and found.question.population == "concerned":
        said.append(text("access.older", language))
    if found.approach == "drees":
        said.append(text("access.drees", language))
    if found.counted == "structures":
        said.append(text("access.by_number", language, kind=_kind(found, language)))
    structures = found.read.situation.structures
    for key, ids in (("silent", found.silent), ("doubtful", found.doubtful)):
        if ids:
            names = _names(structures, ids, language)
            said.append(text(f"access.{key}", language, n=len(ids), names=names))
    if found.unknown_people:
        said.append(text("access.people_unknown", language, n=found.unknown_people))
    if found.unregistered:
        said.append(text("coverage.caveat.register", language, kinds=_kind(found, language)))
    return said


def places_notes(found: Accessibility, language: str) -> list[str]:
    """Return the method and unit of places in reach on the map, why there are none, and notes."""
    if found.why is not None:
        return [text(f"access.why.{found.why}", language, kind=_kind(found, language))]
    return [method_words(found, language), *access_notes(found, language)]


def _kind(found: Accessibility, language: str) -> str:
    return text(f"kind_short.{found.kind}", language)


def _names(structures: Iterable[Structure], ids: tuple[str, ...], language: str) -> str:
    known = {item.id: item.name for item in structures}
    shown = [known.get(ident) or ident for ident in ids[:_NAMED]]
    if len(ids) > _NAMED:
        shown.append(text("coverage.line.more", language, n=len(ids) - _NAMED))
    return joined(shown, language)
