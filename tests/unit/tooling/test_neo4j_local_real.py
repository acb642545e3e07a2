"""Local Neo4j servers for real: started, killed, started again, and never another's data."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import ClientError, Neo4jError, ServiceUnavailable

from neo4j_local.server import Server
from neo4j_local.trouble import ServerTrouble
from tests.conftest import CHECKOUT
from tests.support.neo4j_server import (
    MARKER,
    NotOursError,
    TestDatabase,
    frozen,
    offer_of,
    opened,
    own_server,
)

pytestmark = pytest.mark.neo4j

RUN = [sys.executable, "scripts/neo4j_server.py", "run", "--"]


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with own_server(tmp_path_factory.mktemp("neo4j") / "one") as server:
        yield server


def test_a_killed_server_comes_back_with_what_was_committed(neo4j_alone: Server) -> None:
    url = neo4j_alone.url
    with opened(offer_of(neo4j_alone)) as database:
        database.rows("CREATE (:Kept)")
    neo4j_alone.kill()
    assert not neo4j_alone.running
    neo4j_alone.start()
    assert neo4j_alone.url == url
    with opened(offer_of(neo4j_alone)) as database:
        assert database.rows("MATCH (n) RETURN labels(n)") == [[["Kept"]]]
    other = Server(neo4j_alone.home)
    other.start()
    assert other.state == neo4j_alone.state
    other.stop()
    assert not neo4j_alone.running


def test_nobody_enters_without_the_password(one_server: Server) -> None:
    for auth in (("neo4j", "neo4j"), None):
        with (
            GraphDatabase.driver(one_server.url, auth=auth) as driver,
            pytest.raises(ClientError, match=r"[Uu]nauthorized|authentication"),
        ):
            driver.verify_connectivity()
    assert one_server.password not in one_server.said()


def test_settings_of_a_test_hold(tmp_path: Path) -> None:
    with own_server(tmp_path / "small", {"db.memory.transaction.max": "8m"}) as server:
        with opened(offer_of(server)) as database, pytest.raises(Neo4jError) as caught:
            database.rows(
                "UNWIND range(1, 1000000) AS i WITH collect(i) AS found RETURN size(found)"
            )
        assert "db.memory.transaction.max" in str(caught.value)
    assert not (tmp_path / "small").exists()


def test_a_wrong_setting_is_told_from_the_log(tmp_path: Path) -> None:
    with (
        pytest.raises(ServerTrouble, match="Unrecognized setting"),
        own_server(tmp_path / "wrong", {"no.such.setting": "1"}),
    ):
        pass


def test_a_frozen_server_says_nothing_until_it_thaws(one_server: Server) -> None:
    with opened(offer_of(one_server)) as database:
        with frozen(one_server):
            stat = Path(f"/proc/{one_server.state.pid}/stat")
            if stat.exists():
                assert stat.read_text().rpartition(")")[2].split()[0] == "T"
        assert database.rows("RETURN 1") == [[1]]


def test_a_database_with_data_of_others_is_refused_unharmed(one_server: Server) -> None:
    with opened(offer_of(one_server)) as database:
        database.rows("CREATE (:Theirs {name: 'theirs'})")
        with pytest.raises(NotOursError, match="left as it is"):
            database.empty()
        assert database.rows("MATCH (n) RETURN n.name") == [["theirs"]]
        assert database.rows("SHOW CONSTRAINTS YIELD name") == []


def test_a_database_of_tests_is_emptied(neo4j_database: TestDatabase) -> None:
    neo4j_database.rows("CREATE CONSTRAINT one FOR (n:One) REQUIRE n.id IS UNIQUE")
    neo4j_database.rows("CREATE INDEX two FOR (n:Two) ON (n.id)")
    neo4j_database.rows("UNWIND range(1, 20) AS i CREATE (:One {id: i})-[:TO]->(:Two)")
    neo4j_database.empty()
    names = {name for (name,) in neo4j_database.rows("SHOW INDEXES YIELD name")}
    assert neo4j_database.rows("MATCH (n) RETURN count(n)") == [[0]]
    assert names >= {"one", "two"}
    neo4j_database.empty(schema=True)
    assert neo4j_database.rows("SHOW CONSTRAINTS YIELD name") == [[MARKER]]
    assert neo4j_database.rows("SHOW INDEXES YIELD name WHERE name = 'two' RETURN name") == []


def test_a_command_runs_with_a_server_and_gives_its_exit_code() -> None:
    code = (
        "import os, sys; from neo4j import GraphDatabase as G; e = os.environ;"
        "p = 'MAILLAGE_TEST_NEO4J'; d = G.driver(e[p], auth=(e[p+'_USER'], e[p+'_PASSWORD']));"
        "d.verify_connectivity(); d.close(); print(e[p]); sys.exit(7)"
    )
    done = subprocess.run(
        [*RUN, sys.executable, "-c", code],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    with (
        GraphDatabase.driver(done.stdout.strip(), auth=("neo4j", "x")) as driver,
        pytest.raises(ServiceUnavailable),
    ):
        driver.verify_connectivity()


def test_a_stopped_run_leaves_no_server(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = f"import os, pathlib, time; pathlib.Path({str(told)!r}).write_text("
    code += "os.environ['MAILLAGE_TEST_NEO4J']); time.sleep(600)"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [*RUN, sys.executable, "-c", code], cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE
    ) as running:
        while not (told.exists() and told.read_text()):
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
        (home,) = tmp_path.glob("maillage-neo4j-*/0")
        server = Server(home)
        assert server.running
        pid = server.state.pid
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM
    assert not home.exists()
    assert not Path(f"/proc/{pid}").exists()
