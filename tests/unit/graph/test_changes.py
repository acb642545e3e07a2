"""What changed between two files, on cases worked out by hand (synthetic structures)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.changes import Change, Version, changes_in, to_look_at
from graph.model import Cooperation, Party, SourceRecord, StructureClaim

CRETEIL, SAINT_DENIS, PIERREFITTE = "94028", "93066", "93059"
HERE = {"longitude": 2.45, "latitude": 48.79, "precision": "adresse"}


def version(
    day: str | None,
    *,
    source: str = "finess-json",
    family: str = "finess",
    order: int = 0,
    load: int | None = None,
    gone: bool = False,
    **values,
) -> Version:
    claim = StructureClaim(id="940000001", source=source, locator=f"row of {day}", **values)
    record = SourceRecord(id=source, family=family, title=source, vintage=day)
    return Version(claim=None if gone else claim, source=record, order=order, load=load)


def told(*versions: Version, **options) -> list[tuple[str, str | None, str | None]]:
    found = changes_in("940000001", versions, **options)
    return [(item.kind, item.before.value, item.after.value) for item in found]


def test_another_legal_entity_is_told_with_both_sources():
    old = version("2023", source="sae-id", family="sae", legal_entity="750720476")
    new = version("2026-07", legal_entity="750078115", load=7)
    (change,) = changes_in("940000001", [old, new])
    assert (change.kind, change.structure, change.load) == ("entity", "940000001", 7)
    assert (change.before.value, change.before.source, change.before.vintage) == (
        "750720476",
        "sae-id",
        "2023",
    )
    assert (change.after.value, change.after.family, change.after.vintage) == (
        "750078115",
        "finess",
        "2026-07",
    )
    assert change.before.locator == "row of 2023"


def test_the_same_value_from_several_sources_narrows_the_time_of_the_change():
    versions = [
        version("2021-01-08", source="finess-et", legal_entity="A"),
        version("2023", source="sae-id", family="sae", legal_entity="A"),
        version("2026-07", legal_entity="B"),
    ]
    (change,) = changes_in("940000001", versions)
    assert change.before.source == "sae-id"


def test_statistics_published_late_show_no_change_and_its_contrary():
    versions = [
        version("2025-06", legal_entity="B"),
        version("2025", source="sae-id", family="sae", legal_entity="A"),
        version("2026-07", legal_entity="B"),
    ]
    assert told(*versions) == []


def test_statistics_older_than_every_file_of_the_directory_count():
    versions = [
        version("2023", source="sae-id", family="sae", legal_entity="A"),
        version("2025-06", legal_entity="B"),
        version("2026-07", legal_entity="B"),
    ]
    assert told(*versions) == [("entity", "A", "B")]


def test_two_sources_of_one_day_that_differ_are_no_change():
    one = version("2026-07", legal_entity="A")
    other = version("2026-07", source="finess-et", legal_entity="B")
    assert told(one, other) == []


def test_a_corrected_file_of_the_same_day_is_a_change():
    old = version("2026-07", legal_entity="A", order=1)
    new = version("2026-07", legal_entity="B", order=2)
    assert told(new, old) == [("entity", "A", "B")]


def test_files_loaded_in_the_wrong_order_are_told_in_the_order_of_time():
    newer_loaded_first = version("2026-08", legal_entity="B", order=1)
    older_loaded_last = version("2026-07", legal_entity="A", order=2)
    assert told(newer_loaded_first, older_loaded_last) == [("entity", "A", "B")]


@pytest.mark.parametrize("family", ["register", "seed", "ght", "insee"])
def test_what_is_not_official_is_left_aside(family):
    old = version("2021", source="x", family=family, legal_entity="A")
    assert told(old, version("2026-07", legal_entity="B")) == []


def test_what_is_not_dated_is_left_aside():
    assert told(version(None, legal_entity="A"), version("2026-07", legal_entity="B")) == []


def test_a_date_of_publication_serves_where_there_is_no_vintage():
    record = SourceRecord(id="finess-et", family="finess", title="", date="2021-01-08")
    claim = StructureClaim(id="940000001", source="finess-et", locator="x", legal_entity="A")
    old = Version(claim=claim, source=record)
    assert told(old, version("2026-07", legal_entity="B")) == [("entity", "A", "B")]


def test_a_closing_is_told_with_its_date():
    assert told(version("2026-07"), version("2026-08", closed="2026-07-31")) == [
        ("closed", None, "2026-07-31")
    ]


def test_a_closing_known_before_is_no_news():
    closed = {"closed": "2010-01-01"}
    assert told(version("2026-07", **closed), version("2026-08", **closed)) == []


def test_an_opening_again_is_told_in_one_series_only():
    closed = version("2026-07", closed="2026-06-30")
    assert told(closed, version("2026-08")) == [("reopened", "2026-06-30", None)]
    assert told(closed, version("2026-08", source="finess-2026-08")) == []


def test_what_left_its_file_is_told():
    assert told(version("2026-07"), version("2026-08", gone=True, load=4)) == [
        ("vanished", None, None)
    ]


def test_what_left_its_file_once_closed_is_no_news():
    assert told(version("2026-07", closed="2020"), version("2026-08", gone=True)) == []


def test_what_another_newer_file_still_has_did_not_vanish():
    versions = [
        version("2026-05", source="finess-et"),
        version("2026-06", source="finess-et", gone=True),
        version("2026-08"),
    ]
    assert told(*versions) == []


def test_what_came_back_is_open_again():
    versions = [
        version("2026-07", order=1),
        version("2026-08", gone=True, order=2),
        version("2026-09", order=4),
    ]
    assert told(*versions) == [("reopened", None, None)]


def test_another_commune_is_a_move():
    old, new = version("2026-07", commune=CRETEIL), version("2026-08", commune="94078")
    assert told(old, new) == [("moved", CRETEIL, "94078")]


def test_a_merged_commune_is_no_move():
    old, new = version("2026-07", commune=PIERREFITTE), version("2026-08", commune=SAINT_DENIS)
    merged = {PIERREFITTE: SAINT_DENIS}

    def same(a: str, b: str) -> bool:
        return merged.get(a, a) == merged.get(b, b)

    assert told(old, new, same_commune=same) == []
    assert told(old, new) == [("moved", PIERREFITTE, SAINT_DENIS)]


def north(metres: float) -> dict[str, object]:
    """Return a position so many metres north: a meridian is 2 pi R long."""
    degrees = metres / (2 * math.pi * 6_371_008.8) * 360
    return {**HERE, "latitude": HERE["latitude"] + degrees}


@pytest.mark.parametrize(("metres", "moved"), [(499, False), (501, True), (3000, True)])
def test_a_move_inside_a_commune_is_told_beyond_500_metres(metres, moved):
    old = version("2026-07", commune=CRETEIL, address="1 rue A", **HERE)
    new = version("2026-08", commune=CRETEIL, address="9 rue B", **north(metres))
    found = changes_in("940000001", [old, new])
    assert [item.kind for item in found] == (["moved"] if moved else [])
    if moved:
        assert found[0].distance == pytest.approx(metres, rel=1e-6)
        assert (found[0].before.value, found[0].after.value) == ("1 rue A", "9 rue B")


@pytest.mark.parametrize("precision", ["commune", "inconnue", "rattachement", None])
def test_a_position_that_is_not_its_own_moves_nothing(precision):
    far = {**north(5000), "precision": precision}
    assert told(version("2026-07", **HERE), version("2026-08", **far)) == []


def test_a_move_to_another_commune_is_told_once_with_its_distance():
    old = version("2026-07", commune=CRETEIL, **HERE)
    new = version("2026-08", commune="94078", **north(8000))
    (change,) = changes_in("940000001", [old, new])
    assert (change.kind, change.after.value) == ("moved", "94078")
    assert change.distance == pytest.approx(8000, rel=1e-6)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"name": "CH Sainte-Thérèse"}, {"name": "CH SAINTE THERESE"}),
        ({"name": "CHI CRETEIL"}, {"name": "X", "other_names": ("Chi Créteil",)}),
        ({"name": "CHI L AUBRAC"}, {"name": "CHI L AUBRAC VILLENEUVE ST GEORGES"}),
        ({"name": "CHI CRETEIL"}, {"name": None}),
    ],
)
def test_another_spelling_is_no_new_name(old, new):
    assert told(version("2026-07", **old), version("2026-08", **new)) == []


def test_a_new_name_is_told():
    old = version("2021", name="INSTITUT MUTUALISTE MONTSOURIS")
    new = version("2026", source="finess-2", name="INSTITUT MEDICO-CHIRURGICAL MONTSOURIS")
    assert [kind for kind, *_ in told(old, new)] == ["renamed"]


def test_names_and_categories_of_statistics_are_not_compared():
    old = version("2023", source="sae-id", family="sae", name="Ancien", category="355")
    assert told(old, version("2026-07", name="Nouveau", category="365")) == []


def test_another_category_is_told():
    assert told(version("2026-07", category="500"), version("2026-08", category="207")) == [
        ("category", "500", "207")
    ]


def test_several_changes_come_in_order_of_time_the_most_telling_first():
    first = version("2026-06", name="A", legal_entity="E", category="500")
    second = version("2026-07", name="B", legal_entity="F", category="500")
    third = version("2026-08", name="B", legal_entity="F", category="500", closed="2026-08-01")
    assert [kind for kind, *_ in told(third, first, second)] == ["entity", "renamed", "closed"]


VALUES = st.fixed_dictionaries(
    {
        "legal_entity": st.sampled_from([None, "A", "B"]),
        "name": st.sampled_from([None, "Un", "Deux"]),
        "commune": st.sampled_from([None, CRETEIL, SAINT_DENIS]),
        "closed": st.sampled_from([None, "2020"]),
    }
)
DAYS = st.sampled_from(["2021", "2023", "2026-07", "2026-08"])


@given(st.lists(st.tuples(DAYS, VALUES), max_size=6, unique_by=lambda item: item[0]), st.randoms())
def test_the_order_in_which_versions_are_given_does_not_matter(stated, random):
    versions = [version(day, **values) for day, values in stated]
    shuffled = list(versions)
    random.shuffle(shuffled)
    assert changes_in("940000001", versions) == changes_in("940000001", shuffled)


@given(st.lists(st.tuples(DAYS, VALUES), max_size=6, unique_by=lambda item: item[0]))
def test_a_change_has_two_sides_that_differ(stated):
    found: list[Change] = changes_in("940000001", [version(day, **vals) for day, vals in stated])
    for item in found:
        assert item.before.value != item.after.value
        assert str(item.before.vintage) < str(item.after.vintage)


def test_agreements_of_the_structure_and_of_its_entities_are_to_be_looked_at():
    deals = [
        Cooperation(id="own", parties=(Party(structure="ghe"), Party(structure="940000001"))),
        Cooperation(id="entity", parties=(Party(structure="ghe"), Party(structure="A"))),
        Cooperation(id="both", parties=(Party(structure="940000001"), Party(structure="B"))),
        Cooperation(id="other", parties=(Party(structure="ghe"), Party(structure="C"))),
    ]
    assert to_look_at("940000001", ["A", "B"], deals) == {
        "both": True,
        "entity": False,
        "own": True,
    }
