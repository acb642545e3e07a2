"""Which GHT a list speaks of, where it does not name the support or names another than is known.

Names and codes of a GHT differ from source to source ("94 Est", IDF-11, 11111), its members
hardly: an establishment is party to one GHT only (article L. 6132-1 of the Code de la santé
publique). A group of a list is joined to the known GHT with which it shares most members, if each
is the other's only best match and more than half of the smaller of the two is shared. Otherwise it
stays on its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from graph.identifiers import is_finess
from graph.projection import insiders
from graph.store.port import GraphStore

PREFIX = "ght:"
Groups = Mapping[str, frozenset[str]]
"""Legal entities by group."""


class Joined(NamedTuple):
    """The id of a GHT, and how it was found."""

    id: str
    how: str


def known_groups(store: GraphStore | None, own_source: str) -> dict[str, frozenset[str]]:
    """Return the members of the GHT that other sources make known, each by its support's number.

    What only an earlier load of the same list said does not count: it would confirm itself.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for item in insiders(store.memberships()) if store else ():
        number = item.group.removeprefix(PREFIX)
        if number != item.group and is_finess(number) and set(item.sources) != {own_source}:
            found[item.group].add(item.member)
    return {group: frozenset(members) for group, members in found.items()}


def join(groups: Groups, supports: Mapping[str, str], known: Groups) -> dict[str, Joined]:
    """Return the id of each group of a list, with how it was found.

    `how` is ``support`` (as stated), ``members`` (a known GHT), ``other_support`` (a known GHT
    whose support is another than the list states) or ``code`` (neither: the list's own code).

    Parameters
    ----------
    groups : mapping
        Members of each group of the list, by its code.
    supports : mapping
        Support of the groups whose list names it.
    known : mapping
        Members of the GHT known, by their id.
    """
    stated = {code: f"{PREFIX}{number.lower()}" for code, number in supports.items()}
    taken = set(stated.values())
    found = {code: Joined(ident, "support") for code, ident in stated.items()}
    open_groups = {code: ids for code, ids in groups.items() if stated.get(code) not in known}
    open_known = {ident: ids for ident, ids in known.items() if ident not in taken}
    for code, ident in _best_pairs(open_groups, open_known).items():
        found[code] = Joined(ident, "other_support" if code in stated else "members")
    for code in groups.keys() - found.keys():
        found[code] = Joined(f"{PREFIX}code-{code}", "code")
    return found


def _best_pairs(groups: Groups, known: Groups) -> dict[str, str]:
    shared = {
        (code, ident): len(members & held)
        for code, members in groups.items()
        for ident, held in known.items()
        if 2 * len(members & held) > min(len(members), len(held))
    }
    forward = _only_best({(code, ident): n for (code, ident), n in shared.items()})
    backward = _only_best({(ident, code): n for (code, ident), n in shared.items()})
    return {code: ident for code, ident in forward.items() if backward.get(ident) == code}


def _only_best(shared: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Return for each first the second with which it shares most, where there is one only."""
    best: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (first, second), count in shared.items():
        best[first].append((count, second))
    chosen: dict[str, str] = {}
    for first, ranked in best.items():
        ranked.sort(reverse=True)
        if len(ranked) == 1 or ranked[0][0] > ranked[1][0]:
            chosen[first] = ranked[0][1]
    return chosen
