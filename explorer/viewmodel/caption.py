"""The words around a view: title, date, sources, filters, legend, text alternative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from explorer.palette import mark
from explorer.viewmodel.model import Caption, LegendKind, LegendTie, ViewNode, ViewTie
from explorer.wording import day_in_words, source_in_words
from graph.messages import text
from graph.vocabulary import KINDS

if TYPE_CHECKING:
    from explorer.selection import Selection
    from explorer.services.network import NetworkAnswer
    from explorer.viewmodel.build import Words


def long_date(day: date, language: str) -> str:
    """Return `day` in words: 22 novembre 2026, 22 November 2026."""
    return day_in_words(day, language)


def caption(answer: NetworkAnswer, nodes: Sequence[ViewNode], words: Words) -> Caption:
    """Return title, date, sources and filters of a view, in words."""
    language = words.language
    return Caption(
        title=_title(answer, nodes, language),
        date=text("view.situation", language, day=long_date(answer.selection.on, language)),
        sources=_sources(answer, words),
        filters=filters_in_words(answer.selection, words),
    )


def _title(answer: NetworkAnswer, nodes: Sequence[ViewNode], language: str) -> str:
    focus = answer.network.focus
    if focus is None:
        return text("view.title_all", language, n=len(nodes))
    structure = answer.structures.get(focus)
    name = (structure.name if structure else None) or focus
    shown = {node.id for node in nodes}
    reached = [item for key, item in answer.network.partners.items() if key in shown]
    direct = sum(item.via is None for item in reached)
    title = text("view.title_focus", language, n=direct, focus=name)
    inherited = len(reached) - direct
    return title + text("view.title_inherited", language, n=inherited) if inherited else title


def _sources(answer: NetworkAnswer, words: Words) -> tuple[str, ...]:
    """Return the sources of what is shown, the ones that say most first."""
    shown = [item for key, item in answer.structures.items() if key in answer.network.structures]
    shown_ids = {key for tie in answer.network.ties for key in tie.cooperations}
    speaking = Counter(source for item in shown for source in item.sources)
    speaking.update(source for key in shown_ids for source in answer.cooperations[key].sources)
    return tuple(
        _source_in_words(words, source)
        for source, _ in speaking.most_common()
        if source in words.sources
    )


def _source_in_words(words: Words, source: str) -> str:
    return source_in_words(words.sources[source], source, words.language)


def filters_in_words(selection: Selection, words: Words) -> tuple[str, ...]:
    """Return the filters of `selection` as a reader would say them."""
    language = words.language
    lists = (
        ("kinds", [text(f"kind.{kind}", language) for kind in KINDS if kind in selection.kinds]),
        (
            "territories",
            [words.territory_names.get(ref, ref) for ref in sorted(selection.territories)],
        ),
        ("statuses", [text(f"status.{item}", language) for item in sorted(selection.statuses)]),
        ("themes", sorted(selection.themes)),
    )
    said = [
        text(f"view.filter.{name}", language, values=", ".join(values))
        for name, values in lists
        if values
    ]
    switches = (
        ("inherit", not selection.inherit),
        ("instances", selection.instances),
        ("contacts", selection.contacts),
    )
    return (*said, *(text(f"view.filter.{name}", language) for name, on in switches if on))


def legend_kinds(nodes: Sequence[ViewNode], *, everywhere: bool = False) -> tuple[LegendKind, ...]:
    """Return the kinds on the map, or `everywhere`, in the order of the vocabulary."""
    counts = Counter(node.kind for node in nodes if everywhere or node.x is not None)
    labels = {node.kind: node.kind_label for node in nodes}
    order = [kind for kind in (*KINDS, "unknown") if counts[kind]]
    return tuple(
        LegendKind(
            key=kind,
            label=labels[kind],
            symbol=mark(kind).symbol,
            colour=mark(kind).colour,
            count=counts[kind],
        )
        for kind in order
    )


def legend_ties(ties: Sequence[ViewTie], language: str) -> tuple[LegendTie, ...]:
    """Return the tie styles present; memberships are no agreements and stay out of the count."""
    counts = Counter(tie.style for tie in ties if tie.type != "membership")
    return tuple(
        LegendTie(style=style, label=text(f"view.tie.{style}", language), count=counts[style])
        for style in ("solid", "dashed", "inferred")
        if counts[style]
    )


def describe(answer: NetworkAnswer, nodes: Sequence[ViewNode], language: str) -> str:
    """Return the text alternative: what the figure shows, in two or three sentences."""
    partners = [node for node in nodes if node.role == "partner"]
    counts = Counter(node.kind_label for node in partners)
    kinds = ", ".join(f"{label} ({count})" for label, count in counts.most_common())
    unplaced = sum(node.x is None for node in nodes)
    sentences = [_title(answer, nodes, language) + "."]
    if kinds:
        sentences.append(text("view.description_kinds", language, kinds=kinds))
    if unplaced:
        sentences.append(text("view.description_unplaced", language, n=unplaced))
    return " ".join(sentences)
