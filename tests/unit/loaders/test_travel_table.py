"""Tables of travel times: what is read, and what is refused, with its line."""

import pytest

from graph.errors import InputError
from loaders.travel_table import check_places, read_travel_table


def table(tmp_path, *lines, header="origine;destination;minutes"):
    path = tmp_path / "temps.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_travel_table(path)


def test_rows_are_trips_from_a_commune_to_a_structure_or_a_commune(tmp_path):
    found = table(tmp_path, "94028;940000573;12,5", "94028;94046;7", ";;", "75101;94046;0")
    assert found.times.minutes == {
        ("94028", "940000573"): 12.5,
        ("94028", "94046"): 7.0,
        ("75101", "94046"): 0.0,
    }
    assert (found.communes, found.ends) == ({}, {"940000573": 2})
    check_places(found, (), {"940000573", "940000574"})


@pytest.mark.parametrize(
    ("header", "value", "minutes"),
    [
        ("origine;destination;secondes", "90", 1.5),
        ("Origin;Destination;duration_s", "30", 0.5),
        ("Origine;Destination;Temps min", "30", 30),
        ("origine;destination;heures", "0,5", 30),
    ],
)
def test_the_unit_is_in_the_name_of_the_column(tmp_path, header, value, minutes):
    found = table(tmp_path, f"94028;94046;{value}", header=header)
    assert found.times.minutes == {("94028", "94046"): minutes}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["94028;94046;5", "94028;94046;6"], "line 3: the trip 94028 → 94046 is stated twice"),
        (["94028;94046;-1"], "line 2: negative time, -1"),
        (["94028;94046;loin"], "line 2: “loin” is no time"),
        (["94028;94046;"], "line 2: “” is no time"),
        (["94028;94046;nan"], "line 2: “nan” is no time"),
        (["94028;94046;2000"], "line 2: 2000 makes more than a day"),
        (["94028;94046;inf"], "line 2: inf makes more than a day"),
        (["Créteil;94046;5"], "line 2: unknown origin, “Créteil”"),
        ([";94046;5"], "line 2: unknown origin, “”"),
        (["94028;;5"], "line 2: empty destination"),
        ([], "no trip"),
    ],
)
def test_a_table_that_is_not_sound_is_refused_as_a_whole(tmp_path, lines, said):
    with pytest.raises(InputError) as error:
        table(tmp_path, *lines)
    assert said in error.value.message("en")


def test_no_unit_no_column_no_table(tmp_path):
    with pytest.raises(InputError, match="does not say its unit"):
        table(tmp_path, "94028;94046;5", header="origine;destination;temps")
    with pytest.raises(InputError):
        table(tmp_path, "94028;5", header="origine;minutes")
    path = tmp_path / "vide.csv"
    path.write_bytes(b"")
    with pytest.raises(InputError):
        read_travel_table(path)


def test_places_that_nobody_knows_are_named_with_their_line(tmp_path):
    found = table(tmp_path, "94028;940000573;5", "94028;940000574;6", "99999;94046;5")
    for communes, structures, said in (
        ({"99999"}, {"940000573"}, "line 3.*940000574"),
        ((), {"940000573", "940000574"}, "line 4: unknown origin, “99999”"),
    ):
        with pytest.raises(InputError, match=said):
            check_places(found, communes, structures)
    check_places(found, {"99999"}, {"940000573", "940000574"})
    paris = table(tmp_path, "75056;94046;5")  # Paris is known by its municipal arrondissements
    with pytest.raises(InputError, match="75056"):
        check_places(paris, (), ())
