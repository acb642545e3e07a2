"""Each contract check fails on a store that breaks its promise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import MaillageError
from tests.contract.store import broken, broken_walking
from tests.contract.store import checks_loading as loading
from tests.contract.store import checks_reading as reading
from tests.contract.store import checks_sharing as sharing
from tests.contract.store import checks_walking as walking
from tests.contract.store.place import Place

Check = Callable[[Place], None]

NOTICED: tuple[tuple[Check, type[broken.Broken]], ...] = (
    (loading.check_outcome_counts, broken.CountsThingsTwice),
    (loading.check_outcome_counts, broken.DuplicatesEachLoad),
    (loading.check_samples_are_capped, broken.ListsEverySample),
    (loading.check_same_file_twice_changes_nothing, broken.DuplicatesEachLoad),
    (loading.check_newer_file_updates_and_removes, broken.DuplicatesEachLoad),
    (loading.check_newer_file_updates_and_removes, broken.NeverRemoves),
    (loading.check_every_kind_is_removed, broken.RemovesStructuresOnly),
    (loading.check_removals_stay_in_their_series, broken.MergesSeries),
    (loading.check_removals_stay_in_their_parts, broken.ForgetsParts),
    (loading.check_removals_stay_in_their_parts, broken.NeverRemoves),
    (loading.check_one_series_adds_to_another, broken.ShowsTheLatestClaim),
    (loading.check_moved_rows_are_no_change, broken.TakesLocatorsAsContent),
    (loading.check_moved_rows_are_undone, broken.UndoesOnPaper),
    (loading.check_failed_load_changes_nothing, broken.AppliesByHalves),
    (loading.check_unsound_batches_are_refused, broken.TakesAnything),
    (loading.check_dry_run_writes_nothing, broken.DryRunWrites),
    (loading.check_many_removals_are_asked, broken.NeverAsks),
    (loading.check_few_removals_are_not_asked, broken.AsksAlways),
    (loading.check_a_register_counts_its_agreements, broken.CountsEveryClaimAsARow),
    (loading.check_every_load_is_recorded, broken.RecordsChangesOnly),
    (loading.check_the_scope_of_every_load_is_kept, broken.KeepsNoScope),
    (loading.check_rejections_are_recorded, broken.DropsRejections),
    (loading.check_undo_restores_everything, broken.UndoesOnPaper),
    (loading.check_undo_goes_back_load_by_load, broken.UndoesOnce),
    (loading.check_undo_without_load_is_refused, broken.UndoesWhatever),
    (loading.check_undo_leaves_other_loaders_alone, broken.UndoesWhatever),
    (loading.check_undo_takes_the_last_of_several_series, broken.UndoesOnce),
    (loading.check_loads_say_whether_they_changed_anything, broken.SeesCountsOnly),
    (loading.check_undo_passes_over_loads_that_changed_nothing, broken.UndoesTheLastLoad),
    (loading.check_undo_passes_over_loads_that_changed_nothing, broken.LeavesIdleLoadsInPlace),
    (loading.check_undo_leaves_what_was_found_in_place_elsewhere, broken.UndoesIdleLoadsAnywhere),
    (loading.check_undo_waits_for_a_later_load_that_changed_something, broken.WaitsForAnyLoad),
    (loading.check_replaced_claims_are_told, broken.ReplacesWithToday),
    (loading.check_an_undone_load_replaced_nothing, broken.ReplacesForever),
    (loading.check_replaced_polygons_are_given_back, broken.ReplacesWithoutPolygons),
    (loading.check_progress_is_told, broken.TellsNoProgress),
    (reading.check_a_new_store_is_empty, broken.BornWithContent),
    (reading.check_things_are_given_back_as_stated, broken.MakesDatesExact),
    (reading.check_content_outlives_its_handle, broken.ForgetsOnClose),
    (reading.check_every_claim_is_kept, broken.KeepsOneClaim),
    (reading.check_claims_come_in_the_order_asked, broken.SortsClaims),
    (reading.check_precedence_picks_what_is_shown, broken.ShowsTheLatestClaim),
    (reading.check_a_source_that_changes_moves_precedence, broken.KeepsFirstSourceRecord),
    (reading.check_sources_follow_what_is_stored, broken.KeepsSourcesForever),
    (reading.check_sources_of_other_parts_stay, broken.KeepsLastSourcesOnly),
    (reading.check_structures_are_filtered, broken.IgnoresKinds),
    (reading.check_structures_are_open_on_a_day, broken.ReadsDatesAsTheirFirstDay),
    (reading.check_structures_are_found_by_territory, broken.TakesTerritoriesForATree),
    (reading.check_territories_are_filtered, broken.IgnoresParents),
    (reading.check_geometry_is_given_where_asked, broken.AlwaysReadsGeometry),
    (reading.check_cooperations_are_named_or_all, broken.ReturnsAllCooperations),
    (reading.check_memberships_are_sorted, broken.ReversesMemberships),
    (reading.check_search_ignores_accents, broken.MindsAccents),
    (reading.check_search_shows_evidence, broken.HidesSources),
    (reading.check_search_puts_the_name_first, broken.FindsInOrderOfId),
    (reading.check_search_follows_changes, broken.RemembersSearches),
    (reading.check_search_knows_communes, broken.SearchesNamesOnly),
    (reading.check_status_counts, broken.CountsNothingBySource),
    (reading.check_revision_grows_with_content, broken.CountsStructuresAsRevision),
    (sharing.check_a_killed_load_leaves_the_store_as_it_was, broken.AppliesByHalves),
    (sharing.check_a_load_killed_at_any_time_is_whole_or_nothing, broken.AppliesByHalvesSlowly),
    (sharing.check_readers_see_the_old_state_during_a_load, broken.AppliesByHalves),
    (sharing.check_two_loads_at_once_lose_nothing, broken.LosesLoadsWhenBusy),
    (sharing.check_one_handle_serves_many_threads, broken.BelongsToOneThread),
    (sharing.check_threads_may_load_together, broken.BelongsToOneThread),
    (sharing.check_a_closed_store_says_so, broken.NeverCloses),
    (walking.check_cooperations_are_selected, broken_walking.SelectsAnyParty),
    (walking.check_amendments_move_the_term, broken_walking.ForgetsAmendments),
    (walking.check_cooperations_are_selected_as_by_hand, broken_walking.ForgetsAmendments),
    (walking.check_structures_are_counted, broken_walking.CountsEverything),
    (walking.check_neighbourhoods_go_as_far_as_asked, broken_walking.WalksOneStep),
    (walking.check_neighbourhoods_are_cut_at_the_limit, broken_walking.WalksOn),
    (walking.check_neighbourhoods_are_as_by_hand, broken_walking.LivesOutsideTime),
    (walking.check_chains_are_the_shortest, broken_walking.TakesTheLongWay),
    (walking.check_chains_are_as_by_hand, broken_walking.LivesOutsideTime),
    (walking.check_questions_that_mean_nothing_are_refused, broken_walking.TakesAnyWay),
)
"""Which check notices which fault."""


@pytest.mark.parametrize(
    ("check", "store"), NOTICED, ids=lambda item: item.__name__.removeprefix("check_")
)
def test_check_fails_on_a_broken_store(
    check: Check, store: type[broken.Broken], tmp_path: Path
) -> None:
    place = Place(f"{store.__module__}:{store.__name__}", f"sqlite:///{tmp_path}/synthetic.db")
    with pytest.raises((AssertionError, MaillageError, pytest.fail.Exception)) as caught:
        check(place)
    # A check that hangs is stopped as one that failed: that would show nothing.
    assert "Timeout" not in str(caught.value)


def test_every_check_is_shown_to_fail() -> None:
    shown = {check for check, _ in NOTICED}
    assert shown == {*loading.LOADING, *reading.READING, *sharing.SHARING, *walking.WALKING}
