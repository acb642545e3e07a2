"""What if: structures leave, agreements end or lapse; whom we lose, and where."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from explorer.services.analysis import graph_of, hidden_by, kinds_of
from explorer.services.analysis_places import served
from explorer.services.network import NetworkAnswer
from explorer.services.view import territory_names
from graph.analysis import Removal, Watch, lost_supply, removal
from graph.analysis.watch import SILENT
from graph.errors import UsageError
from graph.projection import Network, Partner, Tie, signatories
from graph.projection_graphs import lapsing
from graph.store.port import GraphStore, TerritoryQuery


@dataclass(frozen=True)
class Departure:
    """What a departure does.

    Attributes
    ----------
    structures, cooperations : tuple of str
        What left and what was ended.
    removal : Removal
        The network before and after, ties of relay included, and who is cut off.
    former : tuple of str
        Partners that stay but have no agreement with the group any more.
    losses : dict
        (territory, kind) to the partners that were the last of their kind there.
    places : dict
        Names of the territories of `losses`.
    after : NetworkAnswer
        What remains, to be drawn; former partners are supply without agreement.
    """

    structures: tuple[str, ...]
    cooperations: tuple[str, ...]
    removal: Removal
    former: tuple[str, ...]
    losses: dict[tuple[str, str], tuple[str, ...]]
    places: dict[str, str]
    after: NetworkAnswer


@dataclass(frozen=True)
class Lapse:
    """What ends before `until` if nothing is done; `effect` is None where nothing does.

    `unstated` counts the agreements of the network whose end no source states; one that is said to
    be without end is not among them.
    """

    until: date
    cooperations: tuple[str, ...]
    unstated: int
    effect: Departure | None


def departure(
    store: GraphStore,
    answer: NetworkAnswer,
    structures: Iterable[str] = (),
    cooperations: Iterable[str] = (),
    *,
    level: str = "arrondissement",
    watch: Watch = SILENT,
) -> Departure:
    """Return what the network of `answer` loses without the structures and agreements given.

    Parameters
    ----------
    store : GraphStore
        Says in which territories partners are.
    answer : NetworkAnswer
        The network.
    structures, cooperations : iterable of str
        Ids of what leaves or ends, all together.
    level : str
        Level of the territories that may lose their last partner of a kind.
    watch : Watch
        Progress and stop.

    Raises
    ------
    UsageError
        One of them is not in this network.
    """
    gone, ended = frozenset(structures), frozenset(cooperations)
    graph = graph_of(answer, relays=True)
    found = removal(graph, sorted(gone), cooperations=ended, focus=hidden_by(answer), watch=watch)
    kept = _partners_left(answer, gone, ended | _without_us(answer, gone))
    before = answer.network.partners
    former = tuple(sorted(set(before) - set(kept) - gone))
    after = _remaining(answer, gone, ended, kept)
    known = [answer.structures[key] for key in before if key in answer.structures]
    losses = _losses(before, kept, answer, served(store, known, level))
    return Departure(
        structures=tuple(sorted(gone)),
        cooperations=tuple(sorted(ended)),
        removal=found,
        former=former,
        losses=losses,
        places=territory_names(store, {territory for territory, _ in losses}),
        after=msgspec.structs.replace(answer, network=after, supply=(*answer.supply, *former)),
    )


def network_without(answer: NetworkAnswer, structures: Iterable[str]) -> Network:
    """Return the network of `answer` once the structures given have left it, and nothing else.

    Those that are partners only through one of them leave as well.
    """
    gone = frozenset(structures)
    ended = _without_us(answer, gone)
    return _remaining(answer, gone, ended, _partners_left(answer, gone, ended))


def lapse(store: GraphStore, answer: NetworkAnswer, until: date, *, watch: Watch = SILENT) -> Lapse:
    """Return what the network loses by `until` if nothing is renewed by an act.

    Raises
    ------
    UsageError
        `until` is not after the day of the network.
    """
    if until <= answer.network.on:
        day = answer.network.on.isoformat()
        raise UsageError("analysis.lapse_day", until=until.isoformat(), on=day)
    running = in_network(answer)
    layers = answer.selection.layers
    items = answer.cooperations.values()
    ending = tuple(sorted(running & lapsing(items, answer.network.on, until, layers)))
    return Lapse(
        until=until,
        cooperations=ending,
        unstated=sum(_unstated(answer, key) for key in running),
        effect=departure(store, answer, cooperations=ending, watch=watch) if ending else None,
    )


def _unstated(answer: NetworkAnswer, key: str) -> bool:
    return answer.network.standings[key].term is None and not answer.cooperations[key].indefinite


def in_network(answer: NetworkAnswer) -> frozenset[str]:
    """Return the agreements that tie two structures of the network."""
    ties = answer.network.ties
    return frozenset(key for tie in ties if tie.kind == "cooperation" for key in tie.cooperations)


def removable(
    answer: NetworkAnswer, wanted: Iterable[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return which of the ids `wanted` are structures and which agreements of the network.

    Raises
    ------
    UsageError
        One of them is neither.
    """
    asked = frozenset(wanted)
    structures = asked & answer.network.structures
    agreements = (asked - structures) & in_network(answer)
    if unknown := asked - structures - agreements:
        raise UsageError("analysis.unknown_removal", ids=", ".join(sorted(unknown)))
    return structures, agreements


def sole_partners(
    store: GraphStore, answer: NetworkAnswer, level: str, around: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return, for each partner that is the only one of its kind somewhere, where.

    Parameters
    ----------
    store : GraphStore
        Says in which territories partners are.
    answer : NetworkAnswer
        The network.
    level : str
        Level of the territories.
    around : collection of str
        Only territories that are part of one of these; empty: all.
    """
    partners = answer.network.partners
    known = [answer.structures[key] for key in partners if key in answer.structures]
    found = _losses(partners, (), answer, served(store, known, level))
    alone = {key: who[0] for key, who in found.items() if len(who) == 1}
    query = TerritoryQuery(ids=frozenset(territory for territory, _ in alone))
    inside = {
        item.id
        for item in (store.territories(query) if alone else [])
        if not around or not frozenset(around).isdisjoint((item.id, *item.parents))
    }
    where: dict[str, list[str]] = {}
    for (territory, _), partner in alone.items():
        if territory in inside:
            where.setdefault(partner, []).append(territory)
    return {partner: tuple(where[partner]) for partner in sorted(where)}


def _without_us(answer: NetworkAnswer, gone: Collection[str]) -> frozenset[str]:
    """Return the agreements that end because nobody of the group is party to them any more."""
    left = hidden_by(answer) - frozenset(gone)
    return frozenset(
        key
        for key in in_network(answer)
        if gone and hidden_by(answer) and left.isdisjoint(signatories(answer.cooperations[key]))
    )


def _partners_left(
    answer: NetworkAnswer, gone: Collection[str], ended: Collection[str]
) -> dict[str, Partner]:
    """Return the partners that remain, with the agreements that do."""
    left: dict[str, Partner] = {}
    for key, partner in answer.network.partners.items():
        remain = tuple(item for item in partner.cooperations if item not in ended)
        through = partner.through
        if key not in gone and through not in gone and (remain or not partner.cooperations):
            left[key] = msgspec.structs.replace(partner, cooperations=remain)
    return left


def _remaining(
    answer: NetworkAnswer,
    gone: Collection[str],
    ended: Collection[str],
    kept: dict[str, Partner],
) -> Network:
    network = answer.network
    ties = [_shortened(tie, ended) for tie in network.ties if not {tie.a, tie.b} & set(gone)]
    inside = network.focus_set - frozenset(gone)
    return msgspec.structs.replace(
        network,
        focus_set=inside,
        partners=kept,
        ties=tuple(tie for tie in ties if tie is not None and _holds(tie, inside, kept)),
    )


def _shortened(tie: Tie, ended: Collection[str]) -> Tie | None:
    """Return `tie` without the agreements that ended; None where it ended with them."""
    remain = tuple(key for key in tie.cooperations if key not in ended)
    if tie.cooperations and not remain:
        return None
    return msgspec.structs.replace(tie, cooperations=remain)


def _holds(tie: Tie, inside: Collection[str], kept: Collection[str]) -> bool:
    """Tell whether an inherited tie still leads to a partner; others hold by themselves."""
    return tie.kind != "inherited" or all(end in inside or end in kept for end in (tie.a, tie.b))


def _losses(
    before: Collection[str],
    after: Collection[str],
    answer: NetworkAnswer,
    places: dict[str, tuple[str, ...]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    kinds = dict[Hashable, str | None](kinds_of(answer).items())
    served_by = dict[Hashable, tuple[str, ...]](places.items())
    found = lost_supply(before, after, kinds, served_by)
    return {key: tuple(map(str, who)) for key, who in found.items()}
