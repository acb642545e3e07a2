"""Travel times from a local server that speaks OSRM's and Valhalla's protocols, or fails to."""

import socket  # noqa: TID251 - for a port that nobody listens to
import time

import numpy as np
import pandas as pd
import pytest

from graph.analysis.proximity import located
from graph.analysis.travel import Trips
from graph.errors import InputError, UsageError
from loaders.fetch import Patience
from loaders.routing import Router
from tests.support.routing_server import refusing, routing, saying, sleeping, straight
from tests.support.small_world import degrees

QUICK = Patience(reach=0.5, answer=0.5)
KINDS = ("", "valhalla+")


def points(spots, prefix=""):
    placed = [degrees(*spot) for spot in spots]
    ids = pd.Index([f"{prefix}{number}" for number in range(len(spots))], dtype=object)
    return located(
        pd.Series([x for x, _ in placed], index=ids), pd.Series([y for _, y in placed], index=ids)
    )


def trips(origins, ends):
    return Trips(points(origins), points(ends, "s"), {})


ORIGINS = [(0, 0), (3, 4), (10, 0)]
ENDS = [(0, 1), (6, 8)]
KM = np.array([[1, 10], [np.hypot(3, 3), 5], [np.hypot(10, 1), np.hypot(4, 8)]])


@pytest.fixture
def server():
    with routing() as held:
        yield held


def found(router, origins=ORIGINS, ends=ENDS, limit=30):
    pairs = router.costs(trips(origins, ends), limit)
    cells = np.full((len(origins), len(ends)), np.nan)
    for pair in pairs.itertuples():
        cells[pair.origin, int(pair.destination.removeprefix("s"))] = pair.cost
    return cells


@pytest.mark.parametrize("kind", KINDS)
def test_minutes_are_those_of_the_server_pair_by_pair(server, kind):
    router = Router(kind + server.address, QUICK)
    np.testing.assert_allclose(found(router), KM, rtol=0.01)
    assert np.isnan(found(router, limit=4.5)).sum() == 4
    nearest = router.nearest(trips(ORIGINS, ENDS), 9)
    assert nearest["destination"].tolist() == ["s0", "s0", "s1"]
    alone = router.nearest(trips(ORIGINS, ENDS), 2)
    assert alone["destination"].isna().tolist() == [False, True, True]
    assert np.isinf(alone["cost"][1])
    assert server.address.removeprefix("http://") in router.sentence("fr")


def test_the_short_form_of_valhalla_and_another_profile_of_osrm(server):
    server.short = True
    np.testing.assert_allclose(found(Router(f"valhalla+{server.address}")), KM, rtol=0.01)
    router = Router(f"{server.address}/table/v1/foot")
    np.testing.assert_allclose(found(router), KM, rtol=0.01)
    assert server.asked[-1].startswith("/table/v1/foot/")
    assert "foot" in router.sentence("fr")


@pytest.mark.parametrize("kind", KINDS)
def test_places_go_in_batches_and_smaller_ones_where_the_server_wants(server, kind):
    origins = [(number / 10, 0) for number in range(70)]
    ends = [(0, number / 10) for number in range(60)]
    whole = found(Router(kind + server.address), origins, ends)
    assert np.isfinite(whole).all()
    assert len(server.asked) == (4 if kind == "" else 9)
    server.asked.clear()
    server.most = 30
    router = Router(kind + server.address)
    np.testing.assert_allclose(found(router, origins, ends), whole)
    assert router.requests == len(server.asked) > 4


def test_an_answer_is_kept_for_the_question(server):
    router = Router(server.address)
    for _ in range(3):
        found(router)
    assert len(server.asked) == 1
    found(router, limit=20)
    found(router, origins=[*ORIGINS, (1, 1)])
    assert len(server.asked) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_way_is_out_of_reach_and_not_zero(server, kind):
    server.seconds = lambda start, end: None if end[1] > start[1] + 0.05 else straight(start, end)
    cells = found(Router(kind + server.address))
    assert np.isnan(cells[0, 1])
    assert cells[0, 0] == pytest.approx(1, rel=0.01)


FAULTS = {
    "InvalidQuery": (refusing("InvalidQuery", "Query string malformed"), "InvalidQuery"),
    "NoSegment": (refusing("NoSegment"), "NoSegment"),
    "TooBig for two places": (refusing("TooBig", "no"), "TooBig"),
    "an error page": (saying(500, b"<html>oops</html>"), "500"),
    "no such service": (saying(404, b"{}"), "refuses"),
    "busy": (saying(503, b""), "503"),
    "a web page": (saying(200, b"<html>Portail</html>"), "does not answer as an OSRM server"),
    "cut JSON": (saying(200, b'{"code": "Ok", "dur'), "does not answer as"),
    "cut answer": (saying(200, b'{"code"', 500), "cut"),
    "a list": (saying(200, b"[1]"), "does not answer as"),
    "no matrix": (saying(200, b'{"code": "Ok"}'), "does not answer as"),
    "another shape": (saying(200, b'{"code": "Ok", "durations": [[1]]}'), "does not answer as"),
    "ragged": (
        saying(200, b'{"code": "Ok", "durations": [[1, 2], [1], [1, 2]]}'),
        "does not answer as",
    ),
    "words": (
        saying(200, b'{"code": "Ok", "durations": [[1, "far"], [1, 2], [1, 2]]}'),
        "does not answer as",
    ),
    "negative": (
        saying(200, b'{"code": "Ok", "durations": [[-1, 2], [1, 2], [1, 2]]}'),
        "does not answer as",
    ),
    "slow": (sleeping(1.2), "too long"),
}


@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_server_that_misbehaves_is_said_and_nothing_is_made_up(server, fault, said):
    server.fault = fault
    began = time.monotonic()
    with pytest.raises(InputError, match=said) as error:
        found(Router(server.address, QUICK))
    assert time.monotonic() - began < 5
    assert error.value.exit_code == 3


def test_valhalla_refuses_in_its_own_words(server):
    body = b'{"error_code": 171, "error": "No suitable edges near location", "status_code": 400}'
    server.fault = saying(400, body)
    with pytest.raises(InputError, match="171 No suitable edges"):
        found(Router(f"valhalla+{server.address}", QUICK))


def test_a_server_that_is_not_there_is_said_at_once():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(InputError, match="does not answer"):
        found(Router(f"http://127.0.0.1:{port}", QUICK))
    assert time.monotonic() - began < 3


def test_a_server_is_not_asked_for_a_whole_country(monkeypatch):
    monkeypatch.setattr("loaders.routing.MOST_REQUESTS", 3)
    origins = [(column, row) for column in range(12) for row in range(12)]
    for ends in (origins, origins[:30]):  # too many pairs; not too many, but in too many places
        with pytest.raises(UsageError, match="3 at most"):
            found(Router("valhalla+http://127.0.0.1:9"), origins, ends, limit=200)


ADDRESSES = ["", "localhost:5000", "ftp://host", "google+http://host", "http://", "http://[host"]
ADDRESSES += ["http://host:99999", "http://host:port", "http://host:5000/?key=1", "valhalla+"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_must_be_one(address):
    with pytest.raises(UsageError, match="no address"):
        Router(address)


@pytest.mark.parametrize("address", ["http://user:secret@host:5000", "http://u:secret@[host"])
def test_a_password_is_refused_and_not_repeated(address):
    with pytest.raises(UsageError, match="password") as error:
        Router(address)
    assert "secret" not in f"{error.value} {error.value.message('fr')}"


def test_nothing_near_asks_nothing(server):
    far = trips([(0, 0)], [(200, 0)])
    assert Router(server.address).costs(far, 10).empty
    assert server.asked == []
