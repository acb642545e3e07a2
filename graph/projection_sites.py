"""Which of our own sites has an agreement with which partner: CHIC has one, CHIV has not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from graph.model import Cooperation
from graph.projection import Network, signatories

OwnSide = Literal["signatory", "site"]
ALL_SITES = "*"
"""Column of the agreements that concern all sites, as their source says."""
NOT_STATED = ""
"""Column of the agreements whose sites no source states: *non renseigné*, never "none"."""

SiteMatrix = dict[str, dict[str, tuple[str, ...]]]


def site_matrix(
    network: Network, cooperations: Iterable[Cooperation], by: OwnSide = "signatory"
) -> SiteMatrix:
    """Return the agreements of each partner by our own signatory, or by the site concerned.

    Parameters
    ----------
    network : Network
        As of its date; its standings say which agreements count.
    cooperations : iterable of Cooperation
        Those of the network, at least.
    by : {'signatory', 'site'}
        Whether columns are who signed for us, or the sites that the agreement concerns
        (:data:`ALL_SITES`, :data:`NOT_STATED` where that is what the source says).

    Returns
    -------
    dict
        Partner id, sorted, to columns, sorted, to agreement ids, sorted. A partner reached by
        inheritance has the agreements of its signatory.
    """
    items = {item.id: item for item in cooperations}
    found: SiteMatrix = {}
    for key, partner in sorted(network.partners.items()):
        columns: dict[str, list[str]] = {}
        for agreement in sorted(partner.cooperations):
            for column in _columns(items[agreement], network, by):
                columns.setdefault(column, []).append(agreement)
        found[key] = {column: tuple(ids) for column, ids in sorted(columns.items())}
    return found


def _columns(item: Cooperation, network: Network, by: OwnSide) -> tuple[str, ...]:
    if by == "signatory":
        return tuple(sorted(network.focus_set.intersection(signatories(item))))
    return item.sites or ((ALL_SITES,) if item.sites_stated else (NOT_STATED,))
