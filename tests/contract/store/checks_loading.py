"""What a load promises, as plain functions of a place: each fails on a store that breaks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from graph.errors import ConfirmationNeeded, StoreError
from graph.messages import catalogue
from graph.model import Fact, SourceRecord
from graph.store.port import GraphStore, LoadBatch, ReadReport, Rejection
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


class InterruptedLoadError(Exception):
    """Raised by a progress callback: the load fails half-way."""


def check_outcome_counts(place: Place) -> None:
    with place.store() as store:
        first = store.apply(batch(structure("a"), structure("b"), cooperation("c", "a", "b")))
        assert (first.added, first.updated, first.removed, first.unchanged) == (3, 0, 0, 0)
        assert (first.structures, first.cooperations, first.memberships) == (2, 1, 0)
        assert first.samples == {"added": ["a", "b", "c"]}
        assert first.series == "finess:et"
        second = store.apply(
            batch(structure("a"), structure("b", kind="CMS"), membership("a", "b"))
        )
        assert (second.added, second.updated, second.removed, second.unchanged) == (1, 1, 1, 1)
        assert (second.structures, second.cooperations, second.memberships) == (2, 0, 1)
        assert second.samples == {"added": ["a>b#membre"], "updated": ["b"], "removed": ["c"]}
        assert isinstance(first.load_id, int)
        assert isinstance(second.load_id, int)
        assert first.load_id < second.load_id


def check_samples_are_capped(place: Place) -> None:
    with place.store() as store:
        outcome = store.apply(many(250))
        assert outcome.added == 250
        assert outcome.samples == {"added": [str(910000000 + n) for n in range(200)]}


def check_same_file_twice_changes_nothing(place: Place) -> None:
    with place.store() as store:
        loaded = everything()
        store.apply(loaded)
        before, revision = content(store), store.revision()
        again = store.apply(everything())
        assert (again.added, again.updated, again.removed) == (0, 0, 0)
        assert again.unchanged == len(loaded.claims)
        assert content(store) == before
        assert store.revision() == revision


def check_newer_file_updates_and_removes(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", name="Alpha", commune="94001"), structure("b")))
        store.apply(batch(structure("a", name="Renomme"), structure("c")))
        found = store.structures()
        assert ids(found) == ["a", "c"]
        assert (found[0].name, found[0].commune) == ("Renomme", None)


def check_every_kind_is_removed(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        store.apply(batch(structure("z"), sources=(source(),)))
        status = store.status()
        assert (status.structures, status.cooperations) == ({"EHPAD": 1}, 0)
        assert (status.memberships, status.territories) == (0, {})


def check_removals_stay_in_their_series(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("clinic"), series="finess:cliniques"))
        store.apply(batch(structure("a"), series="finess:ehpad"))
        outcome = store.apply(batch(structure("b"), series="finess:ehpad"))
        assert outcome.removed == 1
        assert ids(store.structures()) == ["b", "clinic"]


def check_removals_stay_in_their_parts(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a94", part="94"), structure("a91", part="91")))
        outcome = store.apply(batch(structure("b91", part="91"), parts=frozenset({"91"})))
        assert (outcome.added, outcome.removed, outcome.unchanged) == (1, 1, 0)
        assert ids(store.structures()) == ["a94", "b91"]
        whole = store.apply(batch(structure("b91", part="91")))
        assert (whole.removed, whole.unchanged) == (1, 1)


def check_one_series_adds_to_another(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", "s1", name="Alpha")))
        store.apply(batch(structure("a", "s2", name=None, commune="94001"), series="sae:capacites"))
        assert [(item.name, item.commune) for item in store.structures()] == [("Alpha", "94001")]
        store.apply(batch(series="sae:capacites", sources=(source("s2"),)))
        assert [(item.name, item.commune) for item in store.structures()] == [("Alpha", None)]


def check_moved_rows_are_no_change(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", locator="row 1", part="94")))
        moved = store.apply(batch(structure("a", locator="row 2", part="91")))
        assert (moved.added, moved.updated, moved.removed, moved.unchanged) == (0, 0, 0, 1)
        (stored,) = store.claims("structure", ["a"])
        assert (stored.claim.locator, stored.claim.part) == ("row 2", "91")
        store.apply(batch(structure("b", part="91"), parts=frozenset({"91"})))
        assert ids(store.structures()) == ["b"]


def check_moved_rows_are_undone(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", locator="row 1")))
        before = content(store)
        store.apply(batch(structure("a", locator="row 2")))
        store.undo("finess")
        assert content(store) == before


def check_failed_load_changes_nothing(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        before, revision, loads = content(store), store.revision(), store.loads()
        for moment in range(1, 100):
            if not _interrupted(store, many(50), moment):
                break
            assert content(store) == before
            assert (store.revision(), store.loads()) == (revision, loads)
        assert moment > 1
        assert content(store) != before


def _interrupted(store: GraphStore, loaded: LoadBatch, moment: int) -> bool:
    """Apply `loaded`, failing when progress is told for the `moment`-th time."""
    told = []

    def progress(stage: str, done: int, total: int | None) -> None:
        told.append((stage, done, total))
        if len(told) == moment:
            raise InterruptedLoadError

    try:
        store.apply(loaded, progress=progress)
    except InterruptedLoadError:
        return True
    return False


def check_unsound_batches_are_refused(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        before, revision = content(store), store.revision()
        twice = batch(structure("a", name="One"), structure("a", name="Two"))
        unknown = batch(structure("a", "s7"), sources=(source("s1"),))
        for unsound, code in ((twice, "store.duplicate_claim"), (unknown, "store.source_unknown")):
            with pytest.raises(StoreError) as caught:
                store.apply(unsound)
            assert caught.value.code == code
            assert caught.value.message("fr") != caught.value.message("en")
        assert (content(store), store.revision()) == (before, revision)


def check_dry_run_writes_nothing(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a"), structure("b")))
        before, revision, loads = content(store), store.revision(), store.loads()
        newer = batch(structure("a", name="Renomme"), structure("c"), guarded=True)
        said = store.apply(newer, dry_run=True)
        assert (content(store), store.revision(), store.loads()) == (before, revision, loads)
        assert (said.load_id, said.added, said.updated, said.removed) == (None, 1, 1, 1)
        done = store.apply(newer, allow_removals=True)
        assert msgspec.structs.replace(done, load_id=None) == said


def check_many_removals_are_asked(place: Place) -> None:
    with place.store() as store:
        register = [cooperation(f"conv-{n:02d}", "a", "b") for n in range(20)]
        store.apply(_register(register))
        before, loads = content(store), store.loads()
        with pytest.raises(ConfirmationNeeded) as caught:
            store.apply(_register(register[3:]))
        assert caught.value.code == "removals"
        assert (caught.value.params["n"], caught.value.params["total"]) == (3, 20)
        assert "3" in caught.value.message("fr")
        assert (content(store), store.loads()) == (before, loads)
        assert store.apply(_register(register[3:]), allow_removals=True).removed == 3


def check_few_removals_are_not_asked(place: Place) -> None:
    with place.store() as store:
        register = [cooperation(f"conv-{n:02d}", "a", "b") for n in range(20)]
        store.apply(_register(register))
        assert store.apply(_register(register[2:])).removed == 2
        unguarded = msgspec.structs.replace(_register(register[2:3]), guarded=False)
        assert store.apply(unguarded).removed == 17


def check_a_register_counts_its_agreements(place: Place) -> None:
    with place.store() as store:
        register = [cooperation(f"conv-{n:02d}", "a", "b") for n in range(20)]
        partners = [structure(f"p{n}") for n in range(40)]
        store.apply(_register([*register, *partners]))
        with pytest.raises(ConfirmationNeeded):
            store.apply(_register([*register[3:], *partners]))
        assert store.apply(_register([*register, *partners[10:]])).removed == 10


def _register(claims: list) -> LoadBatch:  # type: ignore[type-arg]
    return batch(*claims, series="conventions:register", guarded=True)


def check_every_load_is_recorded(place: Place) -> None:
    with place.store() as store:
        start = datetime.now(UTC) - timedelta(seconds=2)
        first, again = store.apply(everything()), store.apply(everything())
        other = store.apply(many(2))
        loads = store.loads()
        assert [record.id for record in loads] == [
            other.load_id,
            again.load_id,
            first.load_id,
        ]
        assert [record.outcome for record in loads] == [other, again, first]
        oldest = loads[-1]
        assert (oldest.loader, oldest.series) == ("finess", "finess:et")
        assert (oldest.file, oldest.checksum, oldest.undone) == ("synthetic.csv", "00ff", False)
        assert start <= oldest.loaded_at <= datetime.now(UTC)


def check_the_scope_of_every_load_is_kept(place: Place) -> None:
    with place.store() as store:
        whole = store.apply(batch(structure("a")))
        some = store.apply(batch(structure("b", part="94"), parts=frozenset({"94", "ej:94"})))
        none = store.apply(batch(structure("c"), series="other", parts=frozenset()))
        assert store.scopes() == {
            whole.load_id: None,
            some.load_id: frozenset({"94", "ej:94"}),
            none.load_id: frozenset(),
        }


def check_rejections_are_recorded(place: Place) -> None:
    with place.store() as store:
        rejections = [
            Rejection(
                row="12", field="finess", value="94000", code="finess_length", params={"n": 5}
            ),
            Rejection(row="13", code="duplicate_row"),
        ]
        warnings = [Rejection(row="14", code="hidden_row")]
        report = ReadReport(
            read=9, kept=1, skipped=2, rejected=6, rejections=rejections, warnings=warnings
        )
        store.apply(batch(structure("a"), report=report))
        assert store.loads()[0].report == report


def check_undo_restores_everything(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        before, revision = content(store), store.revision()
        store.apply(
            batch(
                structure("940000001", name="Renomme", facts=(Fact(topic="lits", value=3.0),)),
                structure("zz"),
                territory("commune:94001", name="Autre", geometry=b"\x02other"),
                cooperation("conv-1", "zz"),
                sources=(source("s1", vintage="2026-07"),),
            )
        )
        changed = store.revision()
        assert changed > revision
        undone = store.undo("finess")
        assert content(store) == before
        assert store.revision() > changed
        assert (undone.added, undone.updated, undone.removed) == (3, 3, 1)
        assert undone.samples["removed"] == ["zz"]
        assert [record.undone for record in store.loads()] == [True, False]
        assert undone.load_id == store.loads()[0].id


def check_undo_goes_back_load_by_load(place: Place) -> None:
    with place.store() as store:
        states = [content(store)]
        for name in ("One", "Two", "Three"):
            store.apply(batch(structure("a", name=name), structure(name)))
            states.append(content(store))
        for state in reversed(states[:-1]):
            store.undo("finess")
            assert content(store) == state
        with pytest.raises(StoreError) as caught:
            store.undo("finess")
        assert caught.value.code == "store.nothing_to_undo"
        store.apply(batch(structure("a", name="Four")))
        store.undo("finess")
        assert content(store) == states[0]


def check_undo_without_load_is_refused(place: Place) -> None:
    with place.store() as store:
        store.apply(many(2))
        before = content(store)
        with pytest.raises(StoreError) as caught:
            store.undo("finess")
        assert caught.value.code == "store.nothing_to_undo"
        assert "finess" in caught.value.message("fr")
        assert content(store) == before


def check_undo_leaves_other_loaders_alone(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", "s1", name="Alpha", kind="EHPAD")))
        store.apply(
            batch(structure("a", "s2", name="Beta", commune="94001"), series="sae:capacites")
        )
        store.undo("finess")
        (left,) = store.structures()
        assert (left.name, left.commune, left.sources) == ("Beta", "94001", ("s2",))
        assert [item.id for item in store.sources()] == ["s2"]


def check_undo_takes_the_last_of_several_series(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("et"), series="finess:et"))
        store.apply(batch(structure("ej"), series="finess:ej"))
        assert store.undo("finess").series == "finess:ej"
        assert ids(store.structures()) == ["et"]
        assert store.undo("finess").series == "finess:et"
        assert ids(store.structures()) == []


def check_loads_say_whether_they_changed_anything(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", locator="row 1")))
        store.apply(batch(structure("a", locator="row 1")))
        store.apply(batch(structure("a", locator="row 2")))
        newer = source("s1", vintage="2026-07")
        store.apply(batch(structure("a", locator="row 2"), sources=(newer,)))
        assert [record.changed for record in store.loads()] == [True, True, False, True]


def check_undo_passes_over_loads_that_changed_nothing(place: Place) -> None:
    with place.store() as store:
        states = [content(store)]
        for named in ("One", "One", "Two", "Two", "Two"):
            store.apply(batch(structure("a", name=named)))
            states.append(content(store))
        revision = store.revision()
        undone = store.undo("finess")
        assert (undone.load_id, undone.updated) == (3, 1)
        assert (content(store), store.revision() > revision) == (states[2], True)
        assert [record.undone for record in store.loads()] == [True, True, True, False, False]
        assert store.undo("finess").load_id == 1
        assert content(store) == states[0]
        assert all(record.undone for record in store.loads())
        with pytest.raises(StoreError) as caught:
            store.undo("finess")
        assert caught.value.code == "store.nothing_to_undo"


def check_undo_leaves_what_was_found_in_place_elsewhere(place: Place) -> None:
    with place.store() as store:
        for ident, series in (("et", "finess:et"), ("ej", "finess:ej"), ("et", "finess:et")):
            store.apply(batch(structure(ident), series=series))
        assert store.undo("finess").load_id == 2
        assert ids(store.structures()) == ["et"]
        assert [record.undone for record in store.loads()] == [False, True, False]
        assert store.undo("finess").load_id == 1
        assert [record.undone for record in store.loads()] == [True, True, True]


def check_undo_waits_for_a_later_load_that_changed_something(place: Place) -> None:
    with place.store() as store:
        for name, loader in (("One", "first"), ("One", "second"), ("Two", "second")):
            store.apply(batch(structure("a", name=name), series="shared:all", loader=loader))
        before = content(store)
        with pytest.raises(StoreError) as caught:
            store.undo("first")
        assert (caught.value.code, caught.value.params["later"]) == ("store.undo_later", "second")
        assert content(store) == before
        assert store.undo("second").load_id == 3
        with pytest.raises(StoreError) as caught:
            store.undo("second")
        assert caught.value.code == "store.nothing_to_undo"
        assert store.undo("first").load_id == 1
        assert store.structures() == []
        assert all(record.undone for record in store.loads())


def check_replaced_claims_are_told(place: Place) -> None:
    with place.store() as store:
        for vintage, named in (("2026-07", "One"), ("2026-08", "Two"), ("2026-09", "Three")):
            gone = [structure("gone")] if named == "One" else []
            store.apply(
                batch(
                    structure("a", name=named),
                    structure("same", locator=f"row {named}"),
                    cooperation("c", title=named),
                    *gone,
                    sources=(source("s1", vintage=vintage),),
                )
            )
        assert store.replaced_claims("structure", 1) == []
        first, gone = store.replaced_claims("structure", 2)
        assert (first.before.name, first.after.name) == ("One", "Two")  # type: ignore[union-attr]
        assert (gone.before.id, gone.after) == ("gone", None)
        for item in (first, gone):
            assert (_vintage(item.before_source), _vintage(item.after_source)) == (
                "2026-07",
                "2026-08",
            )
        (last,) = store.replaced_claims("structure", 3)
        assert (last.before.name, last.after.name) == ("Two", "Three")  # type: ignore[union-attr]
        assert (_vintage(last.before_source), _vintage(last.after_source)) == ("2026-08", "2026-09")
        (agreement,) = store.replaced_claims("cooperation", 3)
        assert agreement.before.title == "Two"  # type: ignore[union-attr]


def check_an_undone_load_replaced_nothing(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(structure("a", name="One")))
        load = store.apply(batch(structure("a", name="Two"))).load_id
        assert load is not None
        assert len(store.replaced_claims("structure", load)) == 1
        store.undo("finess")
        assert store.replaced_claims("structure", load) == []
        assert store.replaced_claims("structure", load + 99) == []


def check_replaced_polygons_are_given_back(place: Place) -> None:
    with place.store() as store:
        store.apply(batch(territory("commune:94001", geometry=b"\x01old")))
        load = store.apply(batch(territory("commune:94001", geometry=b"\x02new"))).load_id
        assert load is not None
        (item,) = store.replaced_claims("territory", load)
        assert item.before.geometry == b"\x01old"  # type: ignore[union-attr]
        assert item.after.geometry == b"\x02new"  # type: ignore[union-attr]


def _vintage(record: SourceRecord | None) -> str | None:
    return record.vintage if record else None


def check_progress_is_told(place: Place) -> None:
    with place.store() as store:
        told: list[tuple[str, int, int | None]] = []
        store.apply(many(20), progress=lambda *step: told.append(step))
        assert told
        for stage, done, total in told:
            assert stage in catalogue("fr")
            assert stage in catalogue("en")
            assert total is None or 0 <= done <= total


LOADING = (
    check_outcome_counts,
    check_samples_are_capped,
    check_same_file_twice_changes_nothing,
    check_newer_file_updates_and_removes,
    check_every_kind_is_removed,
    check_removals_stay_in_their_series,
    check_removals_stay_in_their_parts,
    check_one_series_adds_to_another,
    check_moved_rows_are_no_change,
    check_moved_rows_are_undone,
    check_failed_load_changes_nothing,
    check_unsound_batches_are_refused,
    check_dry_run_writes_nothing,
    check_many_removals_are_asked,
    check_few_removals_are_not_asked,
    check_a_register_counts_its_agreements,
    check_every_load_is_recorded,
    check_the_scope_of_every_load_is_kept,
    check_rejections_are_recorded,
    check_undo_restores_everything,
    check_undo_goes_back_load_by_load,
    check_undo_without_load_is_refused,
    check_undo_leaves_other_loaders_alone,
    check_undo_takes_the_last_of_several_series,
    check_loads_say_whether_they_changed_anything,
    check_undo_passes_over_loads_that_changed_nothing,
    check_undo_leaves_what_was_found_in_place_elsewhere,
    check_undo_waits_for_a_later_load_that_changed_something,
    check_replaced_claims_are_told,
    check_an_undone_load_replaced_nothing,
    check_replaced_polygons_are_given_back,
    check_progress_is_told,
)
