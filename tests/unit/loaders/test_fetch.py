"""Downloads against a local server: what arrives whole, what is taken up again, what is refused.

The bytes are synthetic (random, packed) except in the tests marked ``realdata``.
"""

import errno
import gzip
import hashlib
import json
import os
import random
import time
from pathlib import Path

import msgspec
import pytest

from graph.errors import OutputError, UsageError
from loaders.downloads import cached, cached_files
from loaders.downloads.addresses import Asset
from loaders.downloads.errors import FetchError
from loaders.downloads.parts import writing
from loaders.downloads.run import fetch, fetch_asset
from loaders.fetch import Patience
from tests.support.replay_server import (
    PAGE,
    File,
    Replay,
    cut,
    drip,
    hang_up,
    page,
    refuse,
    serving,
    silence,
    swap,
)

DATASET = "/api/1/datasets/essai/"
FILE = "/resources/essai/old/essai-mensuel-202607.json.gz"
NAME = "essai-mensuel-202607.json.gz"
QUICK = Patience(reach=0.5, answer=2.0, window=0.3, floor=1000, attempts=3, pause=0.01, asked=0.5)


def packed(seed: int, size: int = 300_000) -> bytes:
    return gzip.compress(random.Random(seed).randbytes(size), mtime=0)  # noqa: S311 - any bytes


BODY, OTHER = packed(1), packed(2)


@pytest.fixture
def replay(monkeypatch, tmp_path):
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving() as server:
        yield server


def asset(replay: Replay, **changes) -> Asset:
    values = {
        "id": "finess-structures",
        "sources": ("finess",),
        "page": "https://exemple.invalid/jeu",
        "form": "gzip",
        "publisher": "Éditeur d’essai",
        "licence": "Licence déclarée",
        "dataset": f"{replay.base}{DATASET}",
        "pattern": r"essai-mensuel-(?P<vintage>\d{6})\.json\.gz",
        "suffixes": (".json.gz",),
        **changes,
    }
    return Asset(**values)


def described(
    replay: Replay, body: bytes = BODY, *, checksum: bool = True, path: str = FILE
) -> None:
    """Describe a dataset as data.gouv does, with older and unrelated files around."""
    stated = {"type": "sha1", "value": hashlib.sha1(body, usedforsecurity=False).hexdigest()}
    resources = [
        {"title": "Notice.pdf", "url": f"{replay.base}/notice.pdf", "checksum": None},
        {
            "title": NAME,
            "url": f"{replay.base}{path}",
            "format": "json.gz",
            "filesize": len(body),
            "checksum": stated if checksum else None,
            "last_modified": "2026-08-13T04:00:00+00:00",
        },
        {
            "title": "essai-mensuel-202512.json.gz",
            "url": f"{replay.base}/old/essai-mensuel-202512.json.gz",
            "last_modified": "2026-09-30T04:00:00+00:00",
        },
    ]
    document = {"title": "Essai", "license": "lov2", "resources": resources, "page": 1}
    replay.files[DATASET] = File(json.dumps(document).encode(), etag=None)


def served(replay: Replay, body: bytes = BODY, **changes) -> None:
    described(replay, body)
    replay.files[FILE] = File(body, **changes)


def direct(replay: Replay, **changes) -> Asset:
    return asset(
        replay,
        dataset=None,
        addresses=(f"{replay.base}{FILE}",),
        name=NAME,
        pattern=".+",
        **changes,
    )


def brought(found, body: bytes = BODY) -> bool:
    return found.kept.path.read_bytes() == body


def test_the_newest_file_of_the_dataset_is_brought_checked_and_noted(replay, tmp_path):
    served(replay)
    seen = []
    found = fetch_asset(
        asset(replay), tmp_path, patience=QUICK, progress=lambda *told: seen.append(told)
    )
    assert brought(found)
    assert found.kept.path.name == NAME
    origin = found.kept.origin
    assert (origin.vintage, origin.licence) == ("2026-07", "Licence Ouverte 2.0 (Etalab)")
    assert origin.verified
    assert origin.sha256 == hashlib.sha256(BODY).hexdigest()
    assert origin.address == f"{replay.base}{FILE}"
    assert seen[-1] == ("progress.fetching", len(BODY), len(BODY))
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, f"{NAME}.origine.json"]


def test_a_file_already_there_asks_nothing_of_the_network(replay, tmp_path):
    served(replay)
    fetch_asset(asset(replay), tmp_path, patience=QUICK)
    replay.asked.clear()
    again = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert (again.state, replay.asked) == ("kept", [])


def test_refresh_brings_a_file_only_if_its_checksum_changed(replay, tmp_path):
    served(replay)
    fetch_asset(asset(replay), tmp_path, patience=QUICK)
    same = fetch_asset(asset(replay), tmp_path, refresh=True, patience=QUICK)
    assert same.state == "unchanged"
    assert len(replay.asked_for(FILE)) == 1
    served(replay, OTHER, etag='"v2"')
    newer = fetch_asset(asset(replay), tmp_path, refresh=True, patience=QUICK)
    assert newer.state == "downloaded"
    assert brought(newer, OTHER)


def test_refresh_of_a_fixed_address_asks_whether_it_changed(replay, tmp_path):
    served(replay)
    fetch_asset(direct(replay), tmp_path, patience=QUICK)
    assert fetch_asset(direct(replay), tmp_path, refresh=True, patience=QUICK).state == "unchanged"
    assert replay.asked_for(FILE)[-1]["If-None-Match"] == '"v1"'
    served(replay, OTHER, etag='"v2"')
    assert brought(fetch_asset(direct(replay), tmp_path, refresh=True, patience=QUICK), OTHER)


def test_a_cut_transfer_goes_on_where_it_stopped(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [cut(100_000)]
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert brought(found)
    assert found.resumed == 100_000
    assert replay.asked_for(FILE)[1]["Range"] == "bytes=100000-"
    assert replay.asked_for(FILE)[1]["If-Range"] == '"v1"'


def test_what_was_received_serves_the_next_run(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [cut(50_000), cut(10_000), cut(10_000)]
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.cut"
    assert (tmp_path / f"{NAME}.part").stat().st_size == 70_000
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert brought(found)
    assert found.resumed == 70_000


def test_a_server_without_ranges_starts_again_from_the_first_byte(replay, tmp_path):
    served(replay, ranges=False)
    replay.faults[FILE] = [cut(100_000)]
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert brought(found)
    assert found.resumed == 0


def test_a_file_changed_between_two_parts_is_brought_whole(replay, tmp_path):
    served(replay, OTHER)
    replay.files[FILE] = File(BODY, etag='"v1"')
    replay.faults[FILE] = [swap(File(OTHER, etag='"v2"'), at=100_000)]
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert brought(found, OTHER)
    assert found.resumed == 0


@pytest.mark.parametrize("stated", [True, False])
def test_a_change_that_the_server_does_not_tell_is_found_in_the_bytes(replay, tmp_path, stated):
    """The same ETag for two versions: the checksum finds it, or the file that does not unpack."""
    described(replay, OTHER, checksum=stated)
    replay.files[FILE] = File(BODY, etag='"v1"')
    replay.faults[FILE] = [swap(File(OTHER, etag='"v1"'), at=100_000)]
    assert brought(fetch_asset(asset(replay), tmp_path, patience=QUICK), OTHER)


def test_a_range_of_another_version_is_not_appended(replay, tmp_path):
    """A server that ignores If-Range, and a table in which a mixture would not show."""
    old, new = (f"finessEt;prix\n{mark}\n".encode() * 20_000 for mark in ("1;62,10", "2;70,35"))
    replay.files["/prix.csv"] = File(old, etag='"v1"')
    table = asset(
        replay, form="csv", dataset=None, addresses=(f"{replay.base}/prix.csv",), name="prix.csv"
    )

    def range_of_another(handler, path):
        handler.headers.replace_header("If-Range", '"v2"')
        handler.serve(path)

    replay.faults["/prix.csv"] = [swap(File(new, etag='"v2"'), at=100_000), range_of_another]
    assert brought(fetch_asset(table, tmp_path, patience=QUICK), new)
    assert "Range" not in replay.asked_for("/prix.csv")[2]


def test_without_validator_nothing_is_taken_up_again(replay, tmp_path):
    served(replay, etag=None)
    replay.faults[FILE] = [cut(100_000)]
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert brought(found)
    assert "Range" not in replay.asked_for(FILE)[1]


def test_a_date_of_change_serves_where_there_is_no_etag(replay, tmp_path):
    day = "Thu, 13 Aug 2026 04:00:00 GMT"
    served(replay, etag='W/"weak"', modified=day)
    replay.faults[FILE] = [cut(100_000)]
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert replay.asked_for(FILE)[1]["If-Range"] == day
    assert found.resumed == 100_000


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(replay, tmp_path):
    described(replay, OTHER)
    replay.files[FILE] = File(BODY)
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.checksum"
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_file_without_length_or_checksum_is_found(replay, tmp_path):
    described(replay, checksum=False)
    replay.files[FILE] = File(BODY[:-1000], length=False)
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.incomplete"
    assert list(tmp_path.iterdir()) == []


def test_a_web_page_in_place_of_the_file_is_refused(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [page]
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.page"
    assert "essai" not in str(list(tmp_path.iterdir()))


def test_a_web_page_does_not_cost_the_part_already_received(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [cut(100_000), page]
    with pytest.raises(FetchError):
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert found.resumed == 100_000
    assert brought(found)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (PAGE, "page"),
        (b"\n  <HTML><body>", "page"),
        (b"", "empty"),
        (b'<?xml version="1.0"?><ServiceExceptionReport/>', "form"),
        (b"finess;etalab;93;2026-05-12\n", "form"),
    ],
)
def test_what_is_no_such_file_is_refused(replay, tmp_path, body, code):
    described(replay, checksum=False)
    replay.files[FILE] = File(body)
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == f"fetch.{code}"


@pytest.mark.parametrize("body", [PAGE, b"[1, 2", b'{"resources": {}}', b"\xff\xfe"])
def test_a_description_that_is_none_is_named(replay, tmp_path, body):
    replay.files[DATASET] = File(body)
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == ("fetch.page" if body == PAGE else "fetch.description")


def test_a_dataset_without_a_file_of_that_name_says_so(replay, tmp_path):
    replay.files[DATASET] = File(b'{"resources": [{"url": "http://x.invalid/notice.pdf"}]}')
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.nothing_named"


def test_a_busy_server_is_asked_again_after_the_pause_it_wants(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [refuse(503, Retry_After="0"), refuse(429)]
    assert brought(fetch_asset(asset(replay), tmp_path, patience=QUICK))
    assert len(replay.asked_for(FILE)) == 3


@pytest.mark.parametrize("until", ["600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_long_pause_is_told_not_waited_for(replay, tmp_path, until):
    served(replay)
    replay.faults[FILE] = [refuse(503, Retry_After=until)]
    begun = time.monotonic()
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.come_back"
    assert time.monotonic() - begun < 1
    if until == "600":
        assert "10 minutes" in error.value.message("fr")


def test_a_server_that_stays_busy_is_given_up(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [refuse(503)] * 5
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.busy"
    assert len(replay.asked_for(FILE)) == QUICK.attempts


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "gone"), (410, "gone"), (403, "status"), (500, "status"), (407, "proxy_login")],
)
def test_a_refusal_is_not_asked_again(replay, tmp_path, status, code):
    served(replay)
    replay.faults[FILE] = [refuse(status)]
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == f"fetch.{code}"
    assert len(replay.asked_for(FILE)) == 1


def test_the_next_address_is_tried_where_the_first_is_gone(replay, tmp_path):
    served(replay)
    two = direct(replay)
    two = msgspec.structs.replace(two, addresses=(f"{replay.base}/renamed", *two.addresses))
    assert brought(fetch_asset(two, tmp_path, patience=QUICK))
    assert [path for path, _ in replay.asked] == ["/renamed", FILE]


def test_a_drip_is_given_up_and_what_came_is_kept(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [drip(0.02)] * 3
    begun = time.monotonic()
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.stalled"
    assert time.monotonic() - begun < 5
    assert list(tmp_path.glob("*.lock")) == []


def test_a_server_that_says_nothing_is_given_up(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [silence(1.0)] * 2
    quick = msgspec.structs.replace(QUICK, answer=0.3, attempts=2)
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay), tmp_path, patience=quick)
    assert error.value.code == "fetch.stalled"


def test_a_server_that_hangs_up_is_asked_again(replay, tmp_path):
    served(replay)
    replay.faults[FILE] = [hang_up, hang_up]
    assert brought(fetch_asset(asset(replay), tmp_path, patience=QUICK))


def test_a_file_packed_on_the_way_arrives_unpacked(replay, tmp_path):
    table = b"finessEt;prix\n940000573;62,10\n" * 2000
    replay.files["/prix.csv"] = File(gzip.compress(table), coding="gzip")
    csv = asset(
        replay,
        form="csv",
        dataset=None,
        addresses=(f"{replay.base}/prix.csv",),
        name="prix.csv",
        pattern=".+",
    )
    assert brought(fetch_asset(csv, tmp_path, patience=QUICK), table)


def test_offline_is_told_within_seconds_with_what_to_do_by_hand(replay, tmp_path, monkeypatch):
    with serving() as other:
        closed = other.base
    gone = asset(replay, sources=("finess", "ght"), dataset=f"{closed}{DATASET}")
    monkeypatch.setattr("loaders.downloads.addresses.ASSETS", (gone,))
    begun = time.monotonic()
    with pytest.raises(FetchError) as error:
        fetch("ght")
    assert time.monotonic() - begun < 3
    assert error.value.exit_code == 3
    said = error.value.message("fr")
    assert "127.0.0.1" in said
    assert "finess-structures-mensuel-AAAAMM.json.gz" in said
    assert "https://exemple.invalid/jeu" in said
    assert str(tmp_path / "cache") in said
    assert "maillage load ght" in said


def test_a_name_that_is_not_resolved_is_not_waited_for(replay, tmp_path, monkeypatch):
    """A firewall that swallows questions: the system's resolver would try for half a minute."""

    def swallowed(*args, **kwargs):
        time.sleep(1.5)
        raise OSError("no answer")

    monkeypatch.setattr("socket.getaddrinfo", swallowed)
    begun = time.monotonic()
    with pytest.raises(FetchError) as error:
        fetch_asset(asset(replay, dataset="https://exemple.invalid/"), tmp_path, patience=QUICK)
    assert time.monotonic() - begun < 1.2
    assert error.value.code == "fetch.offline"


def test_a_server_without_tls_is_not_trusted(replay, tmp_path):
    served(replay)
    unsafe = asset(replay, dataset=f"{replay.base}{DATASET}".replace("http:", "https:"))
    with pytest.raises(FetchError) as error:
        fetch_asset(unsafe, tmp_path, patience=QUICK)
    assert error.value.code == "fetch.certificate"
    assert replay.asked == []


def test_the_proxy_of_the_system_is_used(replay, tmp_path, monkeypatch):
    """The name exists nowhere: only the proxy can have answered."""
    served(replay)
    monkeypatch.setenv("http_proxy", replay.base)
    monkeypatch.setenv("NO_PROXY", "")
    outside = direct(replay)
    outside = msgspec.structs.replace(outside, addresses=(f"http://donnees.invalid{FILE}",))
    assert brought(fetch_asset(outside, tmp_path, patience=QUICK))


def test_a_proxy_that_is_not_there_is_named_without_its_password(replay, tmp_path, monkeypatch):
    with serving() as other:
        closed = other.base
    monkeypatch.setenv("http_proxy", closed.replace("//", "//agent:secret@"))
    monkeypatch.setenv("NO_PROXY", "")
    outside = asset(replay, dataset="http://donnees.invalid/")
    with pytest.raises(FetchError) as error:
        fetch_asset(outside, tmp_path, patience=QUICK)
    assert error.value.code == "fetch.proxy"
    assert closed.removeprefix("http://") in error.value.message("fr")
    assert "secret" not in error.value.message("fr")


def test_a_full_disk_is_told_apart(tmp_path):
    with pytest.raises(OutputError) as error, writing(tmp_path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert error.value.code == "fetch.disk_full"


def test_a_file_in_the_place_of_the_folder_is_named(replay, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("not a folder")
    with pytest.raises(OutputError) as error:
        fetch_asset(asset(replay), taken, patience=QUICK)
    assert error.value.code == "fetch.unwritable"
    assert str(taken) in error.value.message("en")


def test_two_downloads_at_once_do_not_mix(replay, tmp_path):
    served(replay)
    lock = tmp_path / "finess-structures.lock"
    lock.touch()
    with pytest.raises(OutputError) as error:
        fetch_asset(asset(replay), tmp_path, patience=QUICK)
    assert error.value.code == "fetch.running"
    os.utime(lock, (1, 1))
    assert brought(fetch_asset(asset(replay), tmp_path, patience=QUICK))


@pytest.mark.parametrize("source", ["reference", "territoires", "conventions", "ensembles"])
def test_what_has_no_official_file_says_so(replay, source):
    with pytest.raises(UsageError) as error:
        fetch(source)
    assert source in error.value.message("fr")


def test_the_file_of_the_cache_is_the_one_that_load_takes(replay, tmp_path, monkeypatch):
    monkeypatch.setattr("loaders.downloads.addresses.ASSETS", (asset(replay),))
    assert cached_files("finess") == []
    served(replay)
    first = fetch("finess", patience=QUICK)[0].kept.path
    assert cached_files("finess") == [first]
    path = FILE.replace("202607", "202608")
    described(replay, OTHER, path=path)
    replay.files[path] = File(OTHER)
    newer = fetch("finess", refresh=True, patience=QUICK)[0].kept.path
    assert newer.name == "essai-mensuel-202608.json.gz"
    assert cached_files("finess") == [newer]
    assert not first.exists()


def test_a_file_put_there_by_hand_is_found_and_stays(replay, tmp_path, monkeypatch):
    monkeypatch.setattr("loaders.downloads.addresses.ASSETS", (asset(replay),))
    served(replay)
    path = fetch("finess", patience=QUICK)[0].kept.path
    by_hand = path.with_name("Copie de finess.json.gz")
    by_hand.write_bytes(BODY)
    later = time.time() + 60
    os.utime(by_hand, (later, later))
    assert cached_files("finess") == [by_hand]
    served(replay, OTHER, etag='"v2"')
    fetch("finess", refresh=True, patience=QUICK)
    assert by_hand.exists()


def test_a_file_cut_by_a_crash_is_not_offered(replay, tmp_path):
    served(replay)
    found = fetch_asset(asset(replay), tmp_path, patience=QUICK)
    found.kept.path.write_bytes(BODY[:1000])
    assert cached(asset(replay), tmp_path) == []
    assert brought(fetch_asset(asset(replay), tmp_path, patience=QUICK))


@pytest.mark.realdata
def test_a_real_feed_goes_from_the_server_to_the_store(replay, tmp_path, monkeypatch, shared_data):
    """The sample of the national feed, cut twice on the way, then loaded without path."""
    from click.testing import CliRunner

    from explorer.cli import main

    body = (shared_data / "finess-structures-mensuel-202607-echantillon.json.gz").read_bytes()
    served(replay, body)
    replay.faults[FILE] = [cut(100_000), cut(100_000)]
    monkeypatch.setattr("loaders.downloads.addresses.ASSETS", (asset(replay),))
    run = CliRunner().invoke(main, ["fetch", "finess", "--json"])
    assert run.exit_code == 0, run.stderr
    file = json.loads(run.stdout)["files"][0]
    assert file["state"] == "downloaded"
    assert file["resumed"] == 200_000
    assert file["verified"]
    assert Path(file["file"]).read_bytes() == body
    store = f"sqlite:///{tmp_path / 'essai.db'}"
    load = CliRunner().invoke(main, ["load", "finess", "--store", store, "--json"])
    assert load.exit_code == 0, load.stderr
    assert json.loads(load.stdout)["structures"] == 24 + 1394 + 1


def test_the_command_offline_leaves_standard_output_empty(replay, monkeypatch):
    from click.testing import CliRunner

    from explorer.cli import main

    with serving() as other:
        closed = other.base
    monkeypatch.setattr(
        "loaders.downloads.addresses.ASSETS", (asset(replay, dataset=f"{closed}/"),)
    )
    run = CliRunner().invoke(main, ["fetch", "finess", "--json"])
    assert (run.exit_code, run.stdout) == (3, "")
    assert "maillage load finess" in run.stderr
    load = CliRunner().invoke(main, ["load", "finess", "--json"])
    assert (load.exit_code, load.stdout) == (3, "")
    assert "maillage fetch finess" in load.stderr
