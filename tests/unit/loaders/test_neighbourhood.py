"""Positions held against the commune of their row, on cases worked out by hand (synthetic)."""

import math
import subprocess
import sys

import pytest

from graph.model import MembershipClaim, StructureClaim
from graph.store.port import LoadBatch, ReadReport
from loaders import finess
from loaders.base import LoadContext
from loaders.neighbourhood import MARGIN_METRES, far_positions, flagged
from loaders.territories.bundled import bundled, shape_of
from tests.support.finess_rows import establishment, position, write

CRETEIL = "94028"
A_DEGREE = 111_320.0


def bounds(commune: str) -> tuple[float, float, float, float]:
    row = bundled().get("commune", commune)
    assert row is not None
    shape = shape_of(row)
    assert shape is not None
    return shape.bounds


def site(longitude: float | None, latitude: float | None, commune: str | None) -> StructureClaim:
    return StructureClaim(
        id="940000001",
        source="s",
        locator="ligne 2",
        longitude=longitude,
        latitude=latitude,
        commune=commune,
        precision="adresse",
    )


@pytest.mark.parametrize(("metres", "far"), [(MARGIN_METRES - 5, False), (MARGIN_METRES + 5, True)])
@pytest.mark.parametrize("side", ["north", "west"])
def test_the_margin_is_two_kilometres_around_the_commune(side, metres, far):
    west, south, _, north = bounds(CRETEIL)
    middle = (south + north) / 2
    east = metres / A_DEGREE / math.cos(math.radians(middle))
    at = (west, north + metres / A_DEGREE) if side == "north" else (west - east, middle)
    found = far_positions([site(*at, CRETEIL)])
    assert found == ({0: 2.0} if far else {})


@pytest.mark.parametrize(
    "claim",
    [
        site(None, None, CRETEIL),
        site(7.0, 43.0, None),
        site(-52.0, 4.9, "98801"),
        MembershipClaim(id="m", source="s", locator="l", member="a", group="b"),
    ],
    ids=["no position", "no commune", "no polygon", "no structure"],
)
def test_what_cannot_be_checked_is_left_as_it_is(claim):
    batch = LoadBatch(
        loader="x", series="x", sources=(), claims=[claim], report=ReadReport(read=1, kept=1)
    )
    assert flagged(batch) is batch


def test_a_site_placed_in_another_town_is_kept_and_flagged(tmp_path):
    """Villejuif's own point under the commune code of Villeneuve-Saint-Georges (078)."""
    path = write(
        tmp_path / "s.csv",
        establishment("940000001"),
        establishment("940000002", commune="078"),
        position("940000001"),
        position("940000002"),
    )
    batch = finess.read([path], LoadContext())
    here, there = (claim for claim in batch.claims if isinstance(claim, StructureClaim))
    assert (here.precision, there.precision) == ("adresse", "inconnue")
    assert there.longitude == here.longitude
    (said,) = [item for item in batch.report.warnings if item.code == "finess.position_far"]
    assert said.row == "structureet 940000002"
    assert "94078" in said.reason("fr")


def test_nothing_here_brings_pandas_along():
    """It would cost a feed a third of a second and fifty megabytes."""
    script = (
        "import sys; from loaders import communes, neighbourhood as here;"
        "here._known_boxes(); communes.CommuneIndex.bundled().find('Créteil');"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
