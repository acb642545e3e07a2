"""What a store works out itself: selections, counts, neighbourhoods, chains."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from graph.dates import PartialDate
from graph.model import AnyClaim
from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    Path,
    PathQuery,
    StructureQuery,
    TieFilter,
)
from graph.vocabulary import Status
from tests.contract.store.place import Place
from tests.contract.store.synthetic import (
    batch,
    cooperation,
    ids,
    membership,
    structure,
    territory,
)
from tests.support.memory_store import MemoryStore

DAYS = (None, date(2015, 6, 1), date(2019, 12, 31), date(2021, 7, 1), date(2030, 1, 1))
THEMES = ("geriatrie", "urgences", "L'« oncologie »")


def one_of(*values: str) -> frozenset[str]:
    return frozenset(values)


def village() -> tuple[AnyClaim, ...]:
    """A focus with an establishment, a group, three agreements, and one who is alone."""
    day = PartialDate
    return (
        structure("focus", kind="CH"),
        structure("site", kind="CH", legal_entity="focus", legal_entity_since=day("2018")),
        structure("partner"),
        structure("alone", kind=None),
        membership("focus", "group", since=day("2016..2017"), until=day("2024")),
        membership("member", "group"),
        cooperation("c1", "site", "partner", signed=day("2019"), end=day("2020"), themes=("a",)),
        cooperation("c2", "partner", "far", "farther", attested=day("2019"), type="charte"),
        cooperation("c3", "far", "member", stage="a_signer", themes=("a", "b")),
        cooperation("c1-avenant", parent="c1", signed=day("2020-06"), end=day("2022")),
    )


def neighbours(seed: int) -> Iterator[AnyClaim]:
    """Yield a network drawn by lot: partial dates, events, amendments, several roles."""
    lot = random.Random(seed)  # noqa: S311 - no secret
    names = [f"s{number:02d}" for number in range(24)]

    def day() -> PartialDate | None:
        year, month = lot.randint(2012, 2024), lot.randint(1, 9)
        choices = (None, f"{year}", f"{year}-0{month}", f"{year}..{year + 2}", f"..{year}")
        drawn = lot.choice(choices)
        return PartialDate(drawn) if drawn else None

    for name in names[:20]:
        entity = lot.choice([None, None, *names])
        yield structure(name, legal_entity=entity, legal_entity_since=entity and day())
    for number in range(30):
        yield cooperation(
            f"c{number:02d}",
            *lot.sample(names, lot.randint(0, 4)),
            type=lot.choice((None, "convention", "charte")),
            themes=tuple(lot.sample(THEMES, lot.randint(0, 2))),
            stage=lot.choice((None, None, "a_signer", "en_projet")),
            requested=lot.choice((None, day())),
            signed=day(),
            effective=lot.choice((None, day())),
            end=lot.choice((None, day())),
            duration_months=lot.choice((None, 12, 36)),
            tacit_renewal=lot.choice((None, True)),
            renewals_limit=lot.choice((None, 1)),
            still_applied=lot.choice((None, True)),
            attested=lot.choice((None, day())),
            terminated=day() if lot.random() < 0.1 else None,
            suspended=day() if lot.random() < 0.1 else None,
            parent=f"c{lot.randint(0, 29):02d}" if lot.random() < 0.3 else None,
        )
    pairs = {tuple(lot.sample(names, 2)) for _ in range(14)}
    for member, group in sorted(pairs):
        yield membership(member, group, since=day(), until=lot.choice((None, day())))


def filters() -> Iterator[TieFilter]:
    for on in DAYS:
        yield TieFilter(on=on)
        yield TieFilter(on=on, themes=one_of(*THEMES[1:]))
        yield TieFilter(on=on, ways=one_of("PARTY_TO", "MANAGED_BY"))
    for on in DAYS[1:]:
        yield TieFilter(on=on, statuses=one_of(Status.IN_FORCE, Status.ATTESTED))
        yield TieFilter(on=on, statuses=one_of(Status.TO_SIGN, Status.EXPIRED, Status.TERMINATED))


def check_cooperations_are_selected(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        expected = {
            CooperationQuery(): ["c1", "c1-avenant", "c2", "c3"],
            CooperationQuery(ids=one_of("c3", "zz")): ["c3"],
            CooperationQuery(themes=one_of("a")): ["c1", "c3"],
            CooperationQuery(themes=one_of("b", "zz")): ["c3"],
            CooperationQuery(types=one_of("charte")): ["c2"],
            CooperationQuery(parties=one_of("far", "site")): ["c1", "c2", "c3"],
            CooperationQuery(parties=one_of("far"), themes=one_of("a")): ["c3"],
            CooperationQuery(on=date(2018, 1, 1)): ["c3"],
            CooperationQuery(on=date(2019, 1, 1)): ["c1", "c2", "c3"],
            CooperationQuery(on=date(2019, 1, 1), statuses=one_of(Status.TO_SIGN)): ["c3"],
        }
        for query, found in expected.items():
            assert ids(store.select_cooperations(query)) == found, query


def check_amendments_move_the_term(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        for day, holds in ((date(2022, 12, 31), True), (date(2023, 1, 1), False)):
            asked = CooperationQuery(on=day, ids=one_of("c1"), statuses=one_of(Status.IN_FORCE))
            assert (ids(store.select_cooperations(asked)) == ["c1"]) is holds
            ego = EgoQuery(ids=one_of("site"), depth=1, ties=TieFilter(on=day))
            assert ("cooperation:c1" in store.neighbourhood(ego).distances) is holds
        (stated,) = store.select_cooperations(CooperationQuery(ids=one_of("c1")))
        assert stated.end == "2020"


def check_cooperations_are_selected_as_by_hand(place: Place) -> None:
    oracle = MemoryStore()
    oracle.apply(batch(*neighbours(1)))
    with place.store() as store:
        store.apply(batch(*neighbours(1)))
        for ties in filters():
            for parties in (frozenset(), one_of("s01", "s02", "s23")):
                query = CooperationQuery(
                    on=ties.on, themes=ties.themes, statuses=ties.statuses, parties=parties
                )
                found = store.select_cooperations(query)
                assert found == oracle.select_cooperations(query), query
        assert found


def check_structures_are_counted(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        placed = structure("placed", commune="94001", closed=PartialDate("2020"))
        store.apply(
            batch(territory("commune:94001", parents=("departement:94",)), placed, series="x:y")
        )
        assert store.structure_counts() == {"CH": 2, "EHPAD": 2, "unknown": 1}
        near = StructureQuery(territories=one_of("departement:94"))
        assert store.structure_counts(near) == {"EHPAD": 1}
        assert store.structure_counts(StructureQuery(kinds=one_of("CH", "CMS"))) == {"CH": 2}
        assert store.structure_counts(StructureQuery(open_on=date(2021, 1, 1))) == {
            "CH": 2,
            "EHPAD": 1,
            "unknown": 1,
        }


def check_neighbourhoods_go_as_far_as_asked(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        asked = EgoQuery(ids=one_of("focus"), depth=1)
        near = store.neighbourhood(asked)
        assert near.distances == {
            "structure:focus": 0,
            "structure:group": 1,
            "structure:site": 1,
        }
        assert ids(near.structures) == ["focus", "site"]
        assert [item.member for item in near.memberships] == ["focus"]
        assert (near.cooperations, near.truncated) == ((), False)
        further = store.neighbourhood(EgoQuery(ids=one_of("focus"), depth=3))
        assert further.distances.get("structure:partner") == 3
        assert further.distances.get("cooperation:c1") == 2
        assert further.distances.get("structure:member") == 2
        assert ids(further.cooperations) == ["c1", "c3"]
        assert "structure:alone" not in further.distances
        nobody = store.neighbourhood(EgoQuery(ids=one_of("zz"), depth=3))
        assert nobody.distances == {"structure:zz": 0}


def check_neighbourhoods_are_cut_at_the_limit(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        found = store.neighbourhood(EgoQuery(ids=one_of("focus"), depth=3, limit=3))
        assert list(found.distances) == [
            "structure:focus",
            "structure:group",
            "structure:site",
            "cooperation:c1",
        ]
        assert found.truncated
        whole = store.neighbourhood(EgoQuery(ids=one_of("focus"), depth=1, limit=2))
        assert not whole.truncated


def check_neighbourhoods_are_as_by_hand(place: Place) -> None:
    oracle = MemoryStore()
    oracle.apply(batch(*neighbours(2)))
    with place.store() as store:
        store.apply(batch(*neighbours(2)))
        for number, ties in enumerate(filters()):
            for centres in (one_of("s01"), one_of("s03", "s21")):
                query = EgoQuery(ids=centres, depth=1 + number % 4, limit=20, ties=ties)
                assert store.neighbourhood(query) == oracle.neighbourhood(query), query


def check_chains_are_the_shortest(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        short = Path(
            nodes=("structure:focus", "structure:group", "structure:member"),
            ways=("MEMBER_OF", "MEMBER_OF"),
        )
        asked = PathQuery(start="focus", end="member", longest=8)
        assert store.paths(asked) == [short]
        every = store.paths(PathQuery(start="focus", end="member", longest=8, every=True))
        assert [len(path.ways) for path in every] == [2, 7]
        assert every[1].nodes[2:4] == ("cooperation:c1", "structure:partner")
        assert store.paths(PathQuery(start="focus", end="member", longest=1)) == []
        assert store.paths(PathQuery(start="focus", end="focus")) == []
        assert store.paths(PathQuery(start="focus", end="alone")) == []
        gone = TieFilter(on=date(2025, 1, 1))
        assert store.paths(PathQuery(start="focus", end="member", longest=8, ties=gone)) == []


def check_chains_are_as_by_hand(place: Place) -> None:
    oracle = MemoryStore()
    oracle.apply(batch(*neighbours(3)))
    with place.store() as store:
        store.apply(batch(*neighbours(3)))
        count = 0
        for number, ties in enumerate(filters()):
            for start, end in (("s01", "s05"), ("s02", "s22"), ("s07", "s11")):
                query = PathQuery(
                    start=start, end=end, longest=4, every=number % 2 == 0, limit=30, ties=ties
                )
                found = store.paths(query)
                assert found == oracle.paths(query), query
                count += len(found)
        assert count > 0


def check_questions_that_mean_nothing_are_refused(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(*village()))
        for ties in (TieFilter(ways=one_of("KNOWS")), TieFilter(statuses=one_of(Status.EXPIRED))):
            with pytest.raises(ValueError, match=r"not a way|give `on`"):
                store.neighbourhood(EgoQuery(ids=one_of("focus"), ties=ties))
            with pytest.raises(ValueError, match=r"not a way|give `on`"):
                store.paths(PathQuery(start="focus", end="far", ties=ties))


WALKING = (
    check_cooperations_are_selected,
    check_amendments_move_the_term,
    check_cooperations_are_selected_as_by_hand,
    check_structures_are_counted,
    check_neighbourhoods_go_as_far_as_asked,
    check_neighbourhoods_are_cut_at_the_limit,
    check_neighbourhoods_are_as_by_hand,
    check_chains_are_the_shortest,
    check_chains_are_as_by_hand,
    check_questions_that_mean_nothing_are_refused,
)
