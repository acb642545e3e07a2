"""Positions: published pairs of metres and degrees, every projection name seen in FINESS."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from graph.geography import METROPOLE, box_of, projection_of
from loaders import coordinates as geo

NAMES = {
    "LAMBERT_93": 2154,
    "L93_METROPOLE": 2154,
    "EPSG:2154 RGF93 / Lambert-93 (Metropole)": 2154,
    "EPSG:2154 RGF93 / Lambert-93 (Métropole)": 2154,
    "UTM_N20": 5490,
    "UTM_N21": 4467,
    "UTM_N22": 2972,
    "UTM_S38": 4471,
    "UTM_S40": 2975,
    "EPSG:5490 RGAF09 / UTM zone 20N (Antilles)": 5490,
    "EPSG:2975 RGR92 / UTM zone 40S": 2975,
    "UTM 21N": 4467,
    "RGSPM06 / UTM zone 21N": 4467,
    "UTM 1S": 32701,
    "WGS 84 / UTM zone 1S": 32701,
    "": None,
    "MERCATOR": None,
    "UTM_N31": None,
}

# one address of the July 2026 feed in each territory: département, degrees, metres (E, N)
KNOWN = (
    ("01", (6.139885, 46.362063), (941342.52, 6589480.53)),
    ("972", (-61.059597, 14.626676), (709000.43, 1617929.3)),
    ("973", (-52.646444, 5.164318), (317505.88, 571063.87)),
    ("974", (55.223073, -21.059714), (315377.53, 7670214.65)),
)


@pytest.mark.parametrize(("name", "epsg"), NAMES.items())
def test_projection_names(name: str, epsg: int | None) -> None:
    assert geo.epsg_of(name) == epsg


@pytest.mark.parametrize(("departement", "expected", "pair"), KNOWN)
def test_published_metres_give_published_degrees(
    departement: str, expected: tuple[float, float], pair: tuple[float, float]
) -> None:
    epsg = np.array([projection_of(departement)])
    longitude, latitude = geo.to_wgs84(np.array([pair[0]]), np.array([pair[1]]), epsg)
    assert (longitude[0], latitude[0]) == pytest.approx(expected, abs=2e-5)
    assert geo.inside(longitude, latitude, [departement]).all()


@pytest.mark.parametrize("swapped", [False, True])
def test_metres_in_either_order(*, swapped: bool) -> None:
    pairs = [pair[::-1] if swapped else pair for _, _, pair in KNOWN]
    found = geo.from_metres(pairs, [departement for departement, _, _ in KNOWN])
    for position, (_, expected, _) in zip(found, KNOWN, strict=True):
        assert position == pytest.approx(expected, abs=2e-5)


def test_metres_of_another_territory_are_not_believed() -> None:
    assert geo.from_metres([KNOWN[0][2]], ["974"]) == [None]
    assert geo.from_metres([], []) == []


def test_unknown_projection_and_missing_numbers_give_nothing() -> None:
    east = np.array([941342.52, np.nan, 941342.52])
    north = np.array([6589480.53, 6589480.53, np.inf])
    longitude, latitude = geo.to_wgs84(east, north, np.array([0, 2154, 2154]))
    assert np.isnan(longitude).all()
    assert np.isnan(latitude).all()
    assert not geo.inside(longitude, latitude, ["01", "01", "01"]).any()


@pytest.mark.parametrize(
    "labels",
    [
        # degrees under X/Y and metres under direction (957 of 967), the reverse, and March 2026
        ((6.139885, 46.362063), (6589480.53, 941342.52)),
        ((941342.52, 6589480.53), (46.362063, 6.139885)),
        ((6589480.53, 941342.52), (6.139885, 46.362063)),
        ((46.362063, 6.139885), (941342.52, 6589480.53)),
    ],
)
def test_degrees_are_told_by_magnitude(labels: tuple[tuple[float, float], ...]) -> None:
    assert geo.degrees(labels, box_of("01")) == (6.139885, 46.362063)
    assert geo.metres(labels) in {(941342.52, 6589480.53), (6589480.53, 941342.52)}


def test_degrees_elsewhere_are_not_believed() -> None:
    assert geo.degrees([(0.0, 0.0), (55.2, -21.0)], METROPOLE) is None
    assert geo.degrees([(-21.0, 55.2)], box_of("974")) == (55.2, -21.0)
    assert geo.metres([(6.1, 46.3)]) is None


@given(st.floats(-4.7, 8.2), st.floats(42.4, 51.0))
def test_lambert_93_goes_there_and_back(longitude: float, latitude: float) -> None:
    east, north = Transformer.from_crs(4326, 2154, always_xy=True).transform(longitude, latitude)
    x, y = geo.to_wgs84(np.array([east]), np.array([north]), np.array([2154]))
    assert (x[0], y[0]) == pytest.approx((longitude, latitude), abs=1e-5)
    assert geo.degrees([(north, east), (latitude, longitude)], METROPOLE) is not None
