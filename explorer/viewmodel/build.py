"""From a network and its records to the view model that canvas, table and figures share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from explorer.palette import SECONDARY_SITE, mark, size
from explorer.services.network import NetworkAnswer
from explorer.viewmodel.caption import caption, describe, legend_kinds, legend_ties
from explorer.viewmodel.model import (
    Role,
    TieStyle,
    Unplaced,
    ViewModel,
    ViewNode,
    ViewTerritory,
    ViewTie,
)
from explorer.viewmodel.placing import Place, Placer
from graph.messages import text
from graph.model import SourceRecord, Structure
from graph.projection import Network, Tie
from graph.vocabulary import Status

SHORT_LABEL = 32
"""Length above which a label is cut on the drawing; the full name stays in the tooltip."""

_STYLE_ORDER: tuple[TieStyle, ...] = ("solid", "dashed", "inferred")


class Words(NamedTuple):
    """What the view model needs to put things in words."""

    language: Literal["fr", "en"]
    communes: Mapping[str, str]
    """Names of communes by INSEE code."""
    sources: Mapping[str, SourceRecord]
    territory_names: Mapping[str, str]
    """Names of territories by reference."""


def build_view(
    answer: NetworkAnswer,
    placer: Placer,
    territories: Sequence[ViewTerritory],
    words: Words,
    unfolded: Mapping[str, tuple[float, float]] | None = None,
) -> ViewModel:
    """Return the view of `answer`.

    Parameters
    ----------
    answer : NetworkAnswer
        The network and the records that it is made of.
    placer : Placer
        Gives positions in metres.
    territories : sequence of ViewTerritory
        The polygons behind the network, in the same projection.
    words : Words
        Language, names of communes and sources.
    unfolded : mapping of id to (x, y), optional
        Places in the layout *réseau*.

    Returns
    -------
    ViewModel
        Nodes and ties sorted by id, so that two builds of one answer are equal.
    """
    folded = folded_into(answer, placer)
    beside = set(answer.supply) | set(answer.beyond)
    shown = sorted((answer.network.structures | beside) - set(folded))
    ties = _ties(answer, folded, words)
    drawn_as = {entity: main for main, entity in folded.items()}
    spots = _Spots(placer, unfolded or {}, drawn_as)
    nodes = tuple(_node(key, answer, spots, words) for key in shown)
    return ViewModel(
        language=words.language,
        caption=caption(answer, nodes, words),
        description=describe(answer, nodes, words.language),
        nodes=nodes,
        ties=ties,
        territories=tuple(territories),
        legend_kinds=legend_kinds(nodes),
        legend_ties=legend_ties(ties, words.language),
        unplaced=tuple(_unplaced(node, words) for node in nodes if node.x is None),
    )


def folded_into(answer: NetworkAnswer, placer: Placer) -> dict[str, str]:
    """Map each main establishment to the legal entity drawn in its place: one symbol, not two."""
    folded = {}
    drawn = answer.network.structures | set(answer.beyond)
    for key in drawn:
        main = placer.main_establishment(key)
        if main is not None and main in drawn:
            folded[main] = key
    return folded


class _Spots(NamedTuple):
    """Where structures stand on the map and unfolded, and which establishment one stands for."""

    placer: Placer
    unfolded: Mapping[str, tuple[float, float]]
    stands_for: Mapping[str, str]


def _node(key: str, answer: NetworkAnswer, spots: _Spots, words: Words) -> ViewNode:
    place = spots.placer.place(key)
    structure = answer.structures.get(key) or Structure(id=key)
    role = _role(key, answer)
    drawn = mark(structure.kind)
    name = structure.name or key
    statuses = _statuses(key, answer.network)
    return ViewNode(
        id=key,
        label=name,
        short_label=name if len(name) <= SHORT_LABEL else f"{name[: SHORT_LABEL - 1].rstrip()}…",
        kind=structure.kind or "unknown",
        kind_label=text(f"kind.{structure.kind or 'unknown'}", words.language),
        role=role,
        x=place.x if place else None,
        y=place.y if place else None,
        placement=place.placement if place else None,
        precision=place.precision if place else None,
        commune=words.communes.get(structure.commune or ""),
        statuses=statuses,
        symbol=drawn.symbol,
        colour=drawn.colour,
        size=SECONDARY_SITE if _is_secondary(structure, role, answer) else size(role),
        lines=_lines(key, structure, place, answer, words),
        unfolded=spots.unfolded.get(key),
        stands_for=(spots.stands_for[key],) if key in spots.stands_for else (),
    )


def _role(key: str, answer: NetworkAnswer) -> Role:
    if key == answer.network.focus:
        return "focus"
    if key in answer.network.partners:
        return "partner"
    if key in answer.supply:
        return "supply"
    if key in answer.beyond:
        return "neighbour"
    return "focus_site" if answer.network.focus else "partner"


def _is_secondary(structure: Structure, role: Role, answer: NetworkAnswer) -> bool:
    """Tell whether it is one of the group's many establishments, whose entity is drawn too."""
    return role == "focus_site" and structure.legal_entity in answer.network.focus_set


def _statuses(key: str, network: Network) -> tuple[str, ...]:
    partner = network.partners.get(key)
    if partner is None:
        return ()
    found = {network.standings[item].status for item in partner.cooperations}
    return tuple(str(status) for status in Status if status in found)


def _lines(
    key: str, structure: Structure, place: Place | None, answer: NetworkAnswer, words: Words
) -> tuple[str, ...]:
    """Return what the tooltip says below the name: kind and commune, agreements, how placed."""
    language = words.language
    kind = text(f"kind.{structure.kind or 'unknown'}", language)
    commune = words.communes.get(structure.commune or "")
    lines = [f"{kind} · {commune}" if commune else kind]
    partner = answer.network.partners.get(key)
    if partner is not None and partner.cooperations:
        count = text("view.agreements", language, n=len(partner.cooperations))
        states = ", ".join(
            text(f"status.{status}", language) for status in _statuses(key, answer.network)
        )
        lines.append(f"{count} : {states}" if language == "fr" else f"{count}: {states}")
    if partner is not None and partner.via and partner.through:
        through = answer.structures.get(partner.through)
        name = (through.name if through else None) or partner.through
        lines.append(f"{text(f'via.{partner.via}', language)} {name}")
    if key in answer.supply:
        lines.append(text("view.supply", language))
    if key in answer.beyond:
        lines.append(text("canvas.beyond", language))
    if place is not None and place.precision in {"commune", "rattachement"}:
        lines.append(
            text("view.placed", language, how=text(f"precision.{place.precision}", language))
        )
    return tuple(lines)


def _ties(answer: NetworkAnswer, folded: Mapping[str, str], words: Words) -> tuple[ViewTie, ...]:
    """Return one line for each pair of structures drawn, the strongest style deciding."""
    pairs: dict[tuple[str, str], list[Tie]] = defaultdict(list)
    for tie in answer.network.ties:
        a, b = folded.get(tie.a, tie.a), folded.get(tie.b, tie.b)
        if a != b:
            pairs[min(a, b), max(a, b)].append(tie)
    drawn = (_tie(pair, ties, answer, words) for pair, ties in sorted(pairs.items()))
    return tuple(drawn)


def _tie(
    pair: tuple[str, str], ties: Sequence[Tie], answer: NetworkAnswer, words: Words
) -> ViewTie:
    direct = [tie for tie in ties if tie.kind != "inherited"] or list(ties)
    member = any(tie.kind == "membership" for tie in direct)
    cooperations = tuple(dict.fromkeys(key for tie in direct for key in tie.cooperations))
    style = min((_style(tie, answer.network) for tie in direct), key=_STYLE_ORDER.index)
    kind = _tie_type(cooperations, answer)
    status = _strongest(cooperations, answer.network)
    via = direct[0].via
    parts = [text("type.membership", words.language)] if member and cooperations else []
    parts.append(text(f"type.{kind}", words.language))
    parts += [text(f"status.{status}", words.language)] if status else []
    parts += [text(f"via.{via}", words.language)] if via else []
    return ViewTie(
        id=f"{pair[0]}--{pair[1]}",
        source=pair[0],
        target=pair[1],
        type="membership" if member else kind,
        label=" · ".join(parts),
        style=style,
        status=status,
        cooperations=cooperations,
        via=via,
    )


def _style(tie: Tie, network: Network) -> TieStyle:
    if tie.kind == "inherited":
        return "inferred"
    if tie.kind == "membership":
        return "solid"
    states = {network.standings[key].status for key in tie.cooperations}
    return "dashed" if states == {Status.ATTESTED} else "solid"


def _tie_type(cooperations: Sequence[str], answer: NetworkAnswer) -> str:
    if not cooperations:
        return "membership"
    types = {answer.cooperations[key].type or "unknown" for key in cooperations}
    return types.pop() if len(types) == 1 else "multiple"


def _strongest(cooperations: Iterable[str], network: Network) -> str | None:
    found = {network.standings[key].status for key in cooperations}
    order = (Status.IN_FORCE, Status.RENEWED, Status.EXPIRED_APPLIED, Status.ATTESTED, *Status)
    return next((str(status) for status in order if status in found), None)


def _unplaced(node: ViewNode, words: Words) -> Unplaced:
    return Unplaced(
        id=node.id,
        label=node.label,
        kind=node.kind,
        kind_label=node.kind_label,
        reason=text("view.no_position", words.language),
    )
