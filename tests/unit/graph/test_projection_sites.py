"""Which of our sites has an agreement with whom."""

from datetime import date

from graph.model import Cooperation, Membership, Party, Structure, membership_id
from graph.projection import Layers, partner_network
from graph.projection_sites import ALL_SITES, NOT_STATED, site_matrix

STRUCTURES = [
    Structure(id=key, name=key, legal_entity=entity)
    for key, entity in {"G": None, "E1": None, "E2": None, "P": None, "PS": "P", "Q": None}.items()
]
MEMBERS = [
    Membership(id=membership_id(key, "G", "partie"), member=key, group="G", role="partie")
    for key in ("E1", "E2")
]


def agreement(key, *parties, **values):
    found = tuple(Party(structure=item, role="partie") for item in parties)
    return Cooperation(id=key, parties=found, attested="2021", type="prado", **values)


ITEMS = [
    agreement("a", "E1", "P", sites=("E1",), sites_stated=True),
    agreement("b", "E1", "E2", "P", sites_stated=True),
    agreement("c", "G", "Q"),
    agreement("elsewhere", "P", "Q"),
]
NETWORK = partner_network("G", STRUCTURES, ITEMS, MEMBERS, date(2026, 11, 22), Layers())


def test_who_signed_for_us():
    assert site_matrix(NETWORK, ITEMS) == {
        "P": {"E1": ("a", "b"), "E2": ("b",)},
        "PS": {"E1": ("a", "b"), "E2": ("b",)},
        "Q": {"G": ("c",)},
    }


def test_which_site_an_agreement_concerns():
    found = site_matrix(NETWORK, ITEMS, "site")
    assert found["P"] == {ALL_SITES: ("b",), "E1": ("a",)}
    assert found["Q"] == {NOT_STATED: ("c",)}
