"""Who of the group signed with whom, on synthetic agreements worked out by hand."""

from datetime import date

import pytest

from graph.analysis.matrix import Cell, signature_matrix
from graph.dates import PartialDate
from graph.model import Cooperation, Membership, Party, Structure, membership_id
from graph.projection import partner_network

NORTH, SOUTH, GROUP = "990000001", "990000002", "ght:990000001"
SITE = "990000010"
CLINIC, HOME, CHARITY, INSTANCE = "990000020", "990000030", "association:s", "instance:s"


def _structure(ident, entity=None):
    return Structure(id=ident, name=f"{ident} synthétique", legal_entity=entity)


STRUCTURES = {
    item.id: item
    for item in (
        *map(_structure, (NORTH, SOUTH, GROUP, CLINIC, HOME, CHARITY, INSTANCE)),
        _structure(SITE, NORTH),
    )
}
MEMBERSHIPS = [
    Membership(id=membership_id(key, GROUP, "partie"), member=key, group=GROUP, role="partie")
    for key in (NORTH, SOUTH)
]


def _agreement(ident, *parties, sites=(), **values):
    return Cooperation(
        id=ident,
        type=values.pop("type", "convention_partenariat"),
        parties=tuple(
            party if isinstance(party, Party) else Party(structure=party) for party in parties
        ),
        sites=sites,
        signed=PartialDate("2020-01-01"),
        effective=PartialDate("2020-01-01"),
        indefinite=True,
        **values,
    )


def _matrix(*agreements, focus=GROUP):
    network = partner_network(
        focus, list(STRUCTURES.values()), agreements, MEMBERSHIPS, date(2026, 1, 1)
    )
    return signature_matrix(network, STRUCTURES, {item.id: item for item in agreements})


def test_a_site_counts_with_its_entity_and_the_group_stands_last():
    matrix = _matrix(
        _agreement("c1", SITE, CLINIC),
        _agreement("c2", NORTH, CLINIC, sites=(SITE,)),
        _agreement("c3", GROUP, HOME, sites=(SOUTH,)),
    )
    assert matrix.entities == (NORTH, SOUTH, GROUP)
    assert matrix.rows[CLINIC] == {
        NORTH: Cell(signed=("c1", "c2")),
        SOUTH: Cell(),
        GROUP: Cell(),
    }
    assert matrix.rows[HOME] == {
        NORTH: Cell(),
        SOUTH: Cell(concerned=("c3",)),
        GROUP: Cell(signed=("c3",)),
    }


def test_who_signed_with_one_entity_only_is_named():
    matrix = _matrix(
        _agreement("c1", NORTH, CLINIC),
        _agreement("c2", NORTH, SOUTH, HOME),
        _agreement("c3", GROUP, CHARITY),
    )
    assert matrix.signed_with_one_only() == {CLINIC: NORTH}


def test_an_agreement_with_the_whole_group_leaves_nobody_out():
    matrix = _matrix(_agreement("c1", NORTH, CLINIC), _agreement("c2", GROUP, CLINIC))
    assert matrix.signed_with_one_only() == {}


@pytest.mark.parametrize(
    "agreement",
    [
        _agreement("c1", NORTH, CLINIC, terminated=PartialDate("2021-01-01")),
        _agreement("c1", NORTH, CLINIC, type="contact_regulier"),
        _agreement("c1", Party(structure=NORTH, role="soutien"), CLINIC),
    ],
    ids=["terminated", "contact", "supporter"],
)
def test_what_does_not_count_is_in_no_cell(agreement):
    assert _matrix(agreement).rows == {}


def test_one_entity_alone_is_its_own_column():
    matrix = _matrix(_agreement("c1", SITE, CLINIC), focus=NORTH)
    assert matrix.entities == (NORTH,)
    assert matrix.rows == {CLINIC: {NORTH: Cell(signed=("c1",))}}
    assert matrix.signed_with_one_only() == {}


def test_without_focus_there_is_no_matrix():
    matrix = _matrix(_agreement("c1", NORTH, CLINIC), focus=None)
    assert (matrix.entities, matrix.rows) == ((), {})
