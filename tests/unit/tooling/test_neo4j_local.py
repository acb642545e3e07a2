"""What a local Neo4j server is made of, as far as no server is needed."""

import os
import socket  # noqa: TID251 - takes a port, to see it left alone
import sqlite3
import stat
from pathlib import Path

import pytest

import neo4j_server
from neo4j_local import access, configuration, install, process
from neo4j_local.server import Server, State
from neo4j_local.trouble import ServerTrouble
from tests.support import neo4j_server as support
from tests.support.neo4j_server import Offer

JAVA_17 = 'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment\n'


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(install.HOME, str(tmp_path / "home"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv(access.PASSWORD, raising=False)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (JAVA_17, 17),
        ('java version "1.8.0_411"\n', 8),
        ('openjdk version "21" 2023-09-19\n', 21),
        ('Picked up JAVA_TOOL_OPTIONS: -Dx=1\nopenjdk version "21.0.2"\n', 21),
        ("java: not today", None),
    ],
)
def test_the_version_of_java_is_read(said: str, version: int | None) -> None:
    assert install.java_version(said) == version


def test_no_java_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerTrouble, match=r"no java was found on the PATH.*openjdk-17"):
        install.find_java()


def test_java_home_wins_over_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = program(tmp_path / "bin", "java", "echo 'openjdk version \"21.0.1\"' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert install.find_java() == str(java)


def test_an_old_java_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "java", "echo 'openjdk version \"11.0.2\"' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ServerTrouble, match=r"is Java 11\. Neo4j .* needs Java 17 or 21"):
        install.find_java()


@pytest.fixture
def only_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave the PATH with nothing but a Java of the right version."""
    folder = program(tmp_path / "bin", "java", "echo 'version \"17.0.1\"' >&2").parent
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.usefixtures("only_java")
def test_no_maven_says_what_to_install() -> None:
    with pytest.raises(ServerTrouble, match=r"no mvn was found.*apt-get install maven"):
        install.install()


def test_maven_that_fails_is_quoted_and_leaves_nothing(only_java: Path) -> None:
    program(only_java, "mvn", "echo 'no route to repository'; exit 1")
    with pytest.raises(ServerTrouble, match="no route to repository"):
        install.install()
    assert list((install.cache_folder() / install.VERSION).iterdir()) == []


def test_a_transfer_that_broke_is_taken_up_again(only_java: Path, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    script = f"""if [ -e {tried} ]; then
for word in "$@"; do case "$word" in -DoutputDirectory=*) /bin/mkdir "${{word#*=}}";; esac; done
else : > {tried}; exit 1; fi"""
    program(only_java, "mvn", script)
    assert install.install().jars.is_dir()


def test_what_is_there_is_not_fetched_again(only_java: Path) -> None:
    jars = install.cache_folder() / install.VERSION / "lib"
    jars.mkdir(parents=True)
    found = install.install()
    assert (found.java, found.jars) == (str(only_java / "java"), jars)


def test_the_process_that_was_first_keeps_its_place(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder in (mine, theirs):
        folder.mkdir()
        (folder / "file").write_text(folder.name)
    install.put_in_place(mine, theirs)
    assert (theirs / "file").read_text() == "theirs"


def test_settings_keep_to_this_machine_and_can_be_added_to(tmp_path: Path) -> None:
    values = configuration.settings(7700, {"db.memory.transaction.max": "1m"})
    assert values["server.bolt.listen_address"] == "127.0.0.1:7700"
    assert values["server.http.enabled"] == "false"
    assert values["dbms.security.auth_enabled"] == "true"
    configuration.write_settings(tmp_path / "conf", values)
    lines = (tmp_path / "conf" / "neo4j.conf").read_text().splitlines()
    assert "db.memory.transaction.max=1m" in lines


def test_a_port_in_use_is_left_to_its_owner() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert not configuration.is_free(taken)
        assert configuration.choose_port(taken) not in (0, taken)


def test_the_password_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "password"
    access.write_password(file, "secret word")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert access.read_password(file) == "secret word"


def test_a_password_is_drawn_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert access.new_password() != access.new_password()
    monkeypatch.setenv(access.PASSWORD, "given")
    assert access.new_password() == "given"


def test_another_process_of_the_same_number_is_not_the_server(tmp_path: Path) -> None:
    server = Server(tmp_path)
    (tmp_path / "state.json").write_text(f'{{"pid": {os.getpid()}, "port": 1}}')
    assert "python" in process.command_of(os.getpid())
    assert not server.running
    server.stop()  # would end this test run
    assert server.state == State(None, 1)


def test_a_state_that_cannot_be_read_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    assert Server(tmp_path).state == State()


def test_the_command_speaks_of_a_server_that_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert neo4j_server.main(["status"]) == 3
    assert neo4j_server.main(["stop"]) == 0
    assert neo4j_server.main(["wipe"]) == 0
    assert capsys.readouterr().out.count("\n") == 3


def test_trouble_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert neo4j_server.main(["start"]) == 1
    assert capsys.readouterr().err.startswith("neo4j_server: no java was found")


def test_tests_take_the_servers_that_the_environment_names() -> None:
    environment = {
        "MAILLAGE_TEST_NEO4J": " neo4j://a:1  neo4j://b:2 ",
        "MAILLAGE_TEST_NEO4J_PASSWORD": "secret",
    }
    first, second = support.offered(environment)
    assert first == Offer("neo4j://a:1", "neo4j", "secret")
    assert support.offer_for("gw0", [first, second]) == first
    assert support.offer_for("gw1", [first, second]) == second
    assert support.offer_for("gw1", [first]) == first
    assert support.offered({}) == []


def test_a_server_is_lent_to_one_process_at_a_time() -> None:
    server = Offer(f"neo4j://lock-test:{os.getpid()}", "neo4j", "")
    with (
        support.locked(server),
        pytest.raises(sqlite3.OperationalError, match="locked"),
        support.locked(server, seconds=0.1),
    ):
        pass
    with support.locked(server, seconds=0.1):
        pass
