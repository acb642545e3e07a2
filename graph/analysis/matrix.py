"""Who of the group signed with whom: partners against the group's own entities.

Read from the agreements that count on a day, not from ties: a tie says that two structures are
parties to one agreement, the matrix says for which of our sites.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.model import Cooperation, Record, Structure
from graph.projection import Network, signatories


class Cell(Record, frozen=True, kw_only=True):
    """The agreements of one partner with one entity of the group, by id.

    `signed` are those to which the entity or one of its sites is a party; `concerned` those that
    name it or one of its sites as concerned, without its being a party.
    """

    signed: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Tell whether there is nothing between the two."""
        return not (self.signed or self.concerned)


class Matrix(Record, frozen=True, kw_only=True):
    """Partners against entities.

    `entities` are ids in the order in which they are read, the focus last where it is a grouping:
    its column holds agreements signed for the group, signatory not stated. `rows` has a cell for
    each partner that has an agreement of its own and each entity, partners sorted by id.
    """

    entities: tuple[str, ...]
    rows: dict[str, dict[str, Cell]]

    def signed_with_one_only(self) -> dict[str, str]:
        """Return, for each partner with which one entity alone signed, that entity.

        Partners that the group as a whole signed with are left out: nobody says for whom.
        """
        found = {}
        for partner, cells in self.rows.items():
            signed = [entity for entity, cell in cells.items() if cell.signed]
            if len(signed) == 1 and signed[0] in self.own_entities and len(self.own_entities) > 1:
                found[partner] = signed[0]
        return found

    @property
    def own_entities(self) -> tuple[str, ...]:
        """Return the entities without the grouping."""
        return self.entities[:-1] if len(self.entities) > 1 else self.entities


def signature_matrix(
    network: Network,
    structures: Mapping[str, Structure],
    cooperations: Mapping[str, Cooperation],
) -> Matrix:
    """Return which entity of the focus set has signed what with which partner.

    Parameters
    ----------
    network : Network
        The partner network on a day; only the agreements that count in it are read.
    structures, cooperations : mapping
        The records of the network, by id. A site is counted with its legal entity where that
        entity is in the focus set.
    """
    if network.focus is None:
        return Matrix(entities=(), rows={})
    owner = {key: _owner(key, structures, network) for key in sorted(network.focus_set)}
    entities = sorted(set(owner.values()) - {network.focus})
    columns = (*entities, network.focus)
    rows = {
        key: _row([cooperations[item] for item in partner.cooperations], columns, owner)
        for key, partner in network.partners.items()
        if partner.via is None and partner.cooperations
    }
    return Matrix(entities=columns, rows=rows)


def _owner(key: str, structures: Mapping[str, Structure], network: Network) -> str:
    """Return the column of a structure of the focus set: its legal entity, else itself."""
    entity = structures[key].legal_entity if key in structures else None
    return entity if entity in network.focus_set else key


def _row(
    agreements: Iterable[Cooperation], columns: tuple[str, ...], owner: Mapping[str, str]
) -> dict[str, Cell]:
    signed: dict[str, list[str]] = {column: [] for column in columns}
    concerned: dict[str, list[str]] = {column: [] for column in columns}
    for item in sorted(agreements, key=lambda item: item.id):
        parties = {owner[key] for key in signatories(item) if key in owner}
        sites = {owner[key] for key in item.sites if key in owner} - parties
        for column in parties:
            signed[column].append(item.id)
        for column in sites:
            concerned[column].append(item.id)
    return {
        column: Cell(signed=tuple(signed[column]), concerned=tuple(concerned[column]))
        for column in columns
    }
