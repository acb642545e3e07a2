"""What a store gives back, as plain functions of a place."""

from __future__ import annotations

from datetime import date

import msgspec

from graph.dates import PartialDate
from graph.model import Fact
from graph.store.port import Hit, StructureQuery, TerritoryQuery
from tests.contract.store.place import Place
from tests.contract.store.synthetic import (
    batch,
    content,
    cooperation,
    everything,
    ids,
    many,
    membership,
    source,
    structure,
    territory,
)

WKB = b"\x01\x03synthetic polygon"


def check_a_new_store_is_empty(place: Place) -> None:
    with place.store() as store:
        assert (store.structures(), store.cooperations(), store.memberships()) == ([], [], [])
        assert (store.territories(TerritoryQuery()), store.sources()) == ([], [])
        assert (store.loads(), store.search("alpha"), store.claims("structure", ["a"])) == (
            [],
            [],
            [],
        )
        status = store.status()
        assert (status.store, status.structures, status.sources) == (store.url, {}, [])
        assert isinstance(store.revision(), int)


def check_things_are_given_back_as_stated(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        first, second = store.structures()
        assert (first.id, first.level, first.legal_entity) == ("940000001", "ET", "940000002")
        assert (second.opened, second.capacity) == ("2001", {"lits": 12.0})
        (agreement,) = store.cooperations()
        assert [party.structure for party in agreement.parties] == ["940000001", "940000002"]
        (member,) = store.memberships()
        assert (member.member, member.group, member.since) == (
            "940000001",
            "ght:940000002",
            "2016..2017",
        )
        commune, county = store.territories(TerritoryQuery())
        assert (commune.parents, county.population) == (("departement:94",), 1_400_000)
        for thing in (first, second, agreement, member, commune, county):
            assert thing.sources == ("s1",)


def check_content_outlives_its_handle(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        before, loads, revision = content(store), store.loads(), store.revision()
    with place.store() as store:
        assert (content(store), store.loads(), store.revision()) == (before, loads, revision)


def check_every_claim_is_kept(place: Place) -> None:
    with place.store() as store:
        stated = structure("a", "s1", name="Alpha", locator="row 7", part="94")
        other = structure("a", "s2", name="Beta")
        register = structure("a", "s3", name="Gamma")
        store.apply(batch(stated, other, sources=(source("s1"), source("s2", "seed"))))
        outcome = store.apply(
            batch(register, series="conventions:r", sources=(source("s3", "register"),))
        )
        found = store.claims("structure", ["a"])
        assert [item.claim for item in found] == [register, stated, other]
        assert [item.series for item in found] == ["conventions:r", "finess:et", "finess:et"]
        assert found[0].load_id == outcome.load_id
        assert store.claims("cooperation", ["a"]) == []


def check_claims_come_in_the_order_asked(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a"), structure("b"), structure("c")))
        found = store.claims("structure", ["c", "zz", "a"])
        assert [item.claim.id for item in found] == ["c", "a"]


def check_precedence_picks_what_is_shown(place: Place) -> None:
    with place.store() as store:
        finess = source("s1", "finess", vintage=PartialDate("2026-07"))
        older = source("s0", "finess", vintage=PartialDate("2024"))
        register = source("s2", "register")
        fact = Fact(topic="debut", value=2017.0)
        store.apply(batch(structure("a", "s0", kind="CMS", commune="94002"), sources=(older,)))
        store.apply(
            batch(
                structure("a", "s1", kind="EHPAD", commune="94001", name="CH ALPHA"),
                series="finess:feed",
                sources=(finess,),
            )
        )
        store.apply(
            batch(
                structure("a", "s2", kind=None, name="Alpha", facts=(fact,), locator="ligne 4"),
                series="conventions:r",
                sources=(register,),
            )
        )
        (shown,) = store.structures()
        assert (shown.name, shown.kind, shown.commune) == ("Alpha", "EHPAD", "94001")
        assert shown.sources == ("s2", "s1", "s0")
        assert "CH ALPHA" in shown.other_names or "Alpha a" in shown.other_names
        assert [(item.source, item.locator) for item in shown.facts] == [("s2", "ligne 4")]


def check_a_source_that_changes_moves_precedence(place: Place) -> None:
    with place.store() as store:
        old = source("s1", "finess", vintage=PartialDate("2024"))
        new = source("s2", "finess", vintage=PartialDate("2025"))
        store.apply(batch(structure("a", "s1", kind="CMS"), sources=(old,)))
        store.apply(batch(structure("a", "s2", kind="CDS"), series="finess:x", sources=(new,)))
        assert [item.kind for item in store.structures()] == ["CDS"]
        before = store.revision()
        newer = msgspec.structs.replace(old, vintage=PartialDate("2026"))
        outcome = store.apply(batch(structure("a", "s1", kind="CMS"), sources=(newer,)))
        assert (outcome.updated, outcome.unchanged) == (0, 1)
        assert [item.kind for item in store.structures()] == ["CMS"]
        assert store.revision() > before
        store.undo("finess")
        assert [item.kind for item in store.structures()] == ["CDS"]


def check_sources_follow_what_is_stored(place: Place) -> None:
    with place.store() as store:
        full = source("s2", licence="Licence Ouverte", url="https://example.org", note="note")
        store.apply(batch(structure("a", "s1"), structure("b", "s2"), sources=(source(), full)))
        assert store.sources() == [source("s1"), full]
        store.apply(batch(structure("a", "s1"), sources=(source(),)))
        assert store.sources() == [source("s1")]


def check_sources_of_other_parts_stay(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", "s1", part="94")))
        store.apply(batch(structure("b", "s2", part="91"), parts=frozenset({"91"})))
        assert [item.id for item in store.sources()] == ["s1", "s2"]
        assert ids(store.structures()) == ["a", "b"]


def check_structures_are_filtered(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                structure("a", kind="EHPAD", level="ET", legal_entity="e1"),
                structure("b", kind="CMS", level="ET", legal_entity="e2"),
                structure("c", kind="CMS", level="EJ"),
                structure("d", kind=None),
            )
        )
        expected = {
            StructureQuery(): ["a", "b", "c", "d"],
            StructureQuery(ids=frozenset({"a", "d", "zz"})): ["a", "d"],
            StructureQuery(kinds=frozenset({"CMS"})): ["b", "c"],
            StructureQuery(kinds=frozenset({"CMS", "EHPAD"})): ["a", "b", "c"],
            StructureQuery(levels=frozenset({"EJ"})): ["c"],
            StructureQuery(legal_entities=frozenset({"e1", "e2"})): ["a", "b"],
            StructureQuery(kinds=frozenset({"CMS"}), levels=frozenset({"ET"})): ["b"],
            StructureQuery(kinds=frozenset({"HAD"})): [],
        }
        for query, found in expected.items():
            assert ids(store.structures(query)) == found, query


def check_structures_are_open_on_a_day(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                structure("a-unknown"),
                structure("b-2019", closed=PartialDate("2019")),
                structure("c-june", closed=PartialDate("2019-06-15")),
                structure("d-opens", opened=PartialDate("2019-07")),
                structure("e-window", opened=PartialDate("2018..2020")),
                structure("f-open-end", closed=PartialDate("2019..")),
            )
        )
        expected = {
            date(2017, 12, 31): ["a-unknown", "b-2019", "c-june", "f-open-end"],
            date(2019, 6, 15): ["a-unknown", "b-2019", "c-june", "e-window", "f-open-end"],
            date(2019, 6, 16): ["a-unknown", "b-2019", "e-window", "f-open-end"],
            date(2019, 7, 1): ["a-unknown", "b-2019", "d-opens", "e-window", "f-open-end"],
            date(2020, 1, 1): ["a-unknown", "d-opens", "e-window", "f-open-end"],
        }
        for day, found in expected.items():
            assert ids(store.structures(StructureQuery(open_on=day))) == found, day


def check_structures_are_found_by_territory(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                territory("commune:94001", parents=("arrondissement:941", "departement:94")),
                territory("commune:94002", parents=("arrondissement:943", "departement:94")),
                territory("commune:91001", parents=("departement:91", "intercommunalite:ept12")),
                territory("intercommunalite:ept12", parents=("departement:94", "departement:91")),
                territory("set:ght", members=("commune:94001", "commune:91001")),
                series="territories:all",
            )
        )
        store.apply(
            batch(
                structure("a", commune="94001"),
                structure("b", commune="94002"),
                structure("c", commune="91001"),
                structure("d", commune="75113"),
                structure("e"),
            )
        )
        expected = {
            ("arrondissement:941",): ["a"],
            ("departement:94",): ["a", "b"],
            ("intercommunalite:ept12",): ["c"],
            ("set:ght",): ["a", "c"],
            ("commune:75113",): ["d"],
            ("arrondissement:943", "set:ght"): ["a", "b", "c"],
            ("region:11",): [],
            ("arrondissement:94001",): [],
        }
        for refs, found in expected.items():
            query = StructureQuery(territories=frozenset(refs))
            assert ids(store.structures(query)) == found, refs


def check_territories_are_filtered(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                territory("commune:94001", parents=("departement:94", "set:x"), geometry=WKB),
                territory("commune:94002", parents=("departement:94",), geometry=WKB),
                territory("departement:94", parents=("region:11",)),
            )
        )
        expected = {
            TerritoryQuery(): ["commune:94001", "commune:94002", "departement:94"],
            TerritoryQuery(ids=frozenset({"commune:94002"})): ["commune:94002"],
            TerritoryQuery(levels=frozenset({"departement"})): ["departement:94"],
            TerritoryQuery(codes=frozenset({"94"})): ["departement:94"],
            TerritoryQuery(parents=frozenset({"departement:94"})): [
                "commune:94001",
                "commune:94002",
            ],
            TerritoryQuery(parents=frozenset({"set:x", "region:11"})): [
                "commune:94001",
                "departement:94",
            ],
            TerritoryQuery(levels=frozenset({"commune"}), parents=frozenset({"region:11"})): [],
        }
        for query, found in expected.items():
            assert [item.id for item in store.territories(query)] == found, query


def check_geometry_is_given_where_asked(place: Place) -> None:
    with place.store() as store:
        stated = territory("commune:94001", geometry=WKB)
        store.apply(batch(stated, territory("commune:94002", geometry=WKB + b"2")))
        ref = frozenset({"commune:94001"})
        assert store.territories(TerritoryQuery(ids=ref))[0].geometry is None
        assert store.territories(TerritoryQuery(ids=ref, geometry=True))[0].geometry == WKB
        assert store.claims("territory", ["commune:94001"])[0].claim == stated
        changed = store.apply(batch(territory("commune:94001", geometry=WKB + b"new")))
        assert (changed.updated, changed.removed) == (1, 1)
        assert store.territories(TerritoryQuery(geometry=True))[0].geometry == WKB + b"new"
        store.undo("finess")
        found = store.territories(TerritoryQuery(geometry=True))
        assert [item.geometry for item in found] == [WKB, WKB + b"2"]


def check_cooperations_are_named_or_all(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(cooperation("c2", "a"), cooperation("c1", "b"), cooperation("c3", "c")))
        assert ids(store.cooperations()) == ["c1", "c2", "c3"]
        assert ids(store.cooperations(frozenset({"c3", "c1", "zz"}))) == ["c1", "c3"]


def check_memberships_are_sorted(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(membership("b", "g"), membership("a", "g"), membership("a", "f")))
        assert [(item.member, item.group) for item in store.memberships()] == [
            ("a", "f"),
            ("a", "g"),
            ("b", "g"),
        ]


def check_search_ignores_accents(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                structure("1", name="Hôpital de L’Haÿ-les-Roses", other_names=("CH L'HAY",)),
                structure("2", name="Association Sacré-Cœur"),
                structure("3", name="SERVICE DE SOINS"),
            )
        )
        expected = {
            "hopital": ["1"],
            "HÔPITAL hay": ["1"],
            "lhay": [],
            "roses l haÿ": ["1"],
            "ch": ["1"],
            "coeur": ["2"],
            "cœur sacre": ["2"],
            "s": ["2", "3"],
            "soins hopital": [],
            "oins": [],
            "": [],
            " ’ - ": [],
            'so"ins': [],
            "soins*": ["3"],
            "soins OR hopital": [],
            "NOT": [],
        }
        for words, found in expected.items():
            assert sorted(hit.id for hit in store.search(words)) == found, words


def check_search_shows_evidence(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                structure("940000001", "s1", name="Alpha", kind="CMS", commune="94001"),
                structure("940000001", "s2", kind="CMS"),
                sources=(source("s1", "seed"), source("s2", "sae")),
            )
        )
        expected = Hit(
            id="940000001", name="Alpha", kind="CMS", commune="94001", sources=("s2", "s1")
        )
        assert store.search("alpha") == [expected]
        assert store.search("9400") == [expected]


def check_search_puts_the_name_first(place: Place) -> None:
    with place.store() as store:
        store.apply(
            batch(
                structure("1", name="Residence du parc", other_names=("Saint Alpha",)),
                structure("2", name="Alpha"),
                structure("3", name="Maison Saint Alpha du grand parc de la ville"),
            )
        )
        assert [hit.id for hit in store.search("alpha")] == ["2", "3", "1"]
        assert [hit.id for hit in store.search("alpha", limit=1)] == ["2"]


def check_search_follows_changes(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", name="Ancien nom"), structure("b", name="Disparu")))
        store.apply(batch(structure("a", name="Nouveau nom")))
        assert [hit.id for hit in store.search("nouveau nom")] == ["a"]
        assert store.search("ancien") == []
        assert store.search("disparu") == []
        store.undo("finess")
        assert [hit.id for hit in store.search("ancien")] == ["a"]
        assert [hit.id for hit in store.search("disparu")] == ["b"]
        assert store.search("nouveau") == []


def check_search_knows_communes(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", name="Alpha", commune="94028")))
        assert store.search("alpha creteil") == []
        store.apply(batch(territory("commune:94028", name="Créteil"), series="territories:all"))
        assert [hit.id for hit in store.search("alpha creteil")] == ["a"]
        store.apply(batch(territory("commune:94028", name="Autreville"), series="territories:all"))
        assert store.search("alpha creteil") == []
        assert [hit.id for hit in store.search("autreville")] == ["a"]


def check_status_counts(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        store.apply(
            batch(
                structure("940000001", "s2", kind="CMS"),
                structure("x", "s2", kind=None),
                cooperation("conv-2", "x", by="s2"),
                series="sae:x",
                sources=(source("s2", "sae"),),
            )
        )
        status = store.status()
        assert status.store == store.url
        assert status.structures == {"EHPAD": 2, "unknown": 1}
        assert (status.cooperations, status.memberships) == (2, 1)
        assert status.territories == {"commune": 1, "departement": 1}
        counts = {item.source.id: (item.structures, item.cooperations) for item in status.sources}
        assert counts == {"s1": (2, 1), "s2": (2, 1)}


def check_revision_grows_with_content(place: Place) -> None:
    with place.store() as store:
        revisions = [store.revision()]
        for name in ("One", "Two"):
            store.apply(batch(structure("a", name=name)))
            revisions.append(store.revision())
        store.undo("finess")
        revisions.append(store.revision())
        store.apply(many(1))
        revisions.append(store.revision())
        assert revisions == sorted(set(revisions))


READING = (
    check_a_new_store_is_empty,
    check_things_are_given_back_as_stated,
    check_content_outlives_its_handle,
    check_every_claim_is_kept,
    check_claims_come_in_the_order_asked,
    check_precedence_picks_what_is_shown,
    check_a_source_that_changes_moves_precedence,
    check_sources_follow_what_is_stored,
    check_sources_of_other_parts_stay,
    check_structures_are_filtered,
    check_structures_are_open_on_a_day,
    check_structures_are_found_by_territory,
    check_territories_are_filtered,
    check_geometry_is_given_where_asked,
    check_cooperations_are_named_or_all,
    check_memberships_are_sorted,
    check_search_ignores_accents,
    check_search_shows_evidence,
    check_search_puts_the_name_first,
    check_search_follows_changes,
    check_search_knows_communes,
    check_status_counts,
    check_revision_grows_with_content,
)
