"""Shared paths, fixtures and the rules on skipped tests.

Tests marked ``realdata`` read the shared folder beside the checkout (``MAILLAGE_SHARED``),
tests marked ``browser`` drive a Chromium (``MAILLAGE_CHROMIUM``), tests marked ``neo4j`` talk to
a Neo4j server (``MAILLAGE_TEST_NEO4J``; ``make test-neo4j`` starts some), tests marked ``office``
open files with LibreOffice and poppler. Where these are missing the tests are skipped with the
reason; with ``MAILLAGE_NO_SKIP=1`` (CI) any skip fails.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from neo4j_local.server import Server
from tests.support import neo4j_server as neo4j

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MAILLAGE_SHARED") or CHECKOUT.parent / "shared").resolve()
SHARED_DATA = SHARED / "data"
NO_SKIP = os.environ.get("MAILLAGE_NO_SKIP", "") not in ("", "0")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICE_NAMES = ("soffice", "pdftoppm")

# The same examples in every run: a red build can be run again and a green one trusted.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci")


def find_chromium() -> Path | None:
    """Find the browser: the one named by ``MAILLAGE_CHROMIUM``, else one on the PATH."""
    named = os.environ.get("MAILLAGE_CHROMIUM")
    names = (named,) if named else CHROMIUM_NAMES
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def missing_office() -> str | None:
    """Name the first program that ``office`` tests lack; None where all are there."""
    return next((name for name in OFFICE_NAMES if shutil.which(name) is None), None)


def missing_need(item: pytest.Item) -> str | None:
    """Say why a marked test can not run here."""
    if item.get_closest_marker("realdata") and not SHARED_DATA.is_dir():
        return f"no shared data at {SHARED_DATA}; set MAILLAGE_SHARED to the shared folder"
    if item.get_closest_marker("browser") and find_chromium() is None:
        return "no Chromium found; install one or set MAILLAGE_CHROMIUM to its program"
    if item.get_closest_marker("office") and (absent := missing_office()):
        return f"no {absent} found; install LibreOffice Impress and poppler-utils"
    if item.get_closest_marker("neo4j"):
        return neo4j.not_offered()
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    reason = missing_need(item)
    if reason:
        pytest.skip(reason)


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where nothing may be skipped (CI)."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"MAILLAGE_NO_SKIP is set and this was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real files (mark the test ``realdata``)."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no shared data at {SHARED_DATA}; set MAILLAGE_SHARED to the shared folder")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the browser's program (mark the test ``browser``)."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium found; install one or set MAILLAGE_CHROMIUM to its program")
    return found


@pytest.fixture(scope="module")
def neo4j_server() -> Iterator[neo4j.TestDatabase]:
    """Lend a Neo4j server's database to a module, bare at first (mark the test ``neo4j``)."""
    if reason := neo4j.not_offered():
        pytest.skip(reason)
    with neo4j.lent(os.environ.get("PYTEST_XDIST_WORKER", "gw0")) as database:
        yield database


@pytest.fixture
def neo4j_database(
    neo4j_server: neo4j.TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> neo4j.TestDatabase:
    """Give the database without content, and its credentials as Maillage reads them."""
    neo4j_server.empty()
    neo4j.give_credentials(monkeypatch, neo4j_server.server)
    return neo4j_server


@pytest.fixture
def neo4j_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Start a server for one test, that may be stopped, killed and started again."""
    if reason := neo4j.cannot_start():
        pytest.skip(reason)
    with neo4j.own_server(tmp_path / "neo4j") as server:
        neo4j.give_credentials(monkeypatch, neo4j.offer_of(server))
        yield server
