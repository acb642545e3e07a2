"""Fetch Neo4j Community and what it needs, with the ordinary Maven client, once a version.

Nothing of it is kept in the repository: the folder is the user's cache, or
``MAILLAGE_NEO4J_HOME``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path, user_data_path

from neo4j_local.trouble import ServerTrouble

VERSION = "5.26.30"
"""The release that is run: long-term support, on Java 17 or later."""
MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
OLDEST_JAVA = 17
HOME = "MAILLAGE_NEO4J_HOME"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies"
ATTEMPTS = 3
"""How often Maven is asked: it goes on where a broken transfer left it."""

POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>maillage</groupId>
  <artifactId>neo4j-local</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId>
      <artifactId>neo4j</artifactId>
      <version>{version}</version>
    </dependency>
  </dependencies>
</project>
"""
_JAVA_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


class Install(NamedTuple):
    """An installed Neo4j: the Java program, its folder of jars, and a data folder to begin with."""

    java: str
    jars: Path
    seed: Path

    @property
    def class_path(self) -> str:
        """Return the class path that runs it."""
        return str(self.jars / "*")


def cache_folder() -> Path:
    """Return where fetched versions stand."""
    named = os.environ.get(HOME)
    return Path(named) if named else user_cache_path("maillage", appauthor=False) / "neo4j"


def server_folder() -> Path:
    """Return where the data of the user's own server stand (no cache: not to be cleaned away)."""
    named = os.environ.get(HOME)
    base = Path(named) if named else user_data_path("maillage", appauthor=False) / "neo4j"
    return base / "server"


def java_version(said: str) -> int | None:
    """Return the major number in what ``java -version`` printed (8 for ``1.8.0``)."""
    found = _JAVA_VERSION.search(said)
    return int(found[1]) if found else None


def find_java() -> str:
    """Return the Java program of ``JAVA_HOME``, else the one on the PATH.

    Raises
    ------
    ServerTrouble
        There is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    hint = f"Neo4j {VERSION} needs Java {OLDEST_JAVA} or 21 (on Debian: openjdk-17-jre-headless)."
    if java is None:
        where = f"in JAVA_HOME ({home})" if home else "on the PATH"
        raise ServerTrouble(f"no java was found {where}. {hint}")
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = java_version(done.stderr + done.stdout)
    if version is None or version < OLDEST_JAVA:
        raise ServerTrouble(f"{java} is Java {version or 'of an unknown version'}. {hint}")
    return java


def install(version: str = VERSION) -> Install:
    """Return the installed `version`, fetched first if it is not there yet.

    Raises
    ------
    ServerTrouble
        Java or Maven is missing, or the packages cannot be had.
    """
    folder = cache_folder() / version
    found = Install(find_java(), folder / "lib", folder / "seed")
    if not found.jars.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as scratch:
            _fetch(version, Path(scratch))
            put_in_place(Path(scratch) / "lib", found.jars)
    return found


def put_in_place(made: Path, target: Path) -> None:
    """Move a finished folder to its place; where another process was first, theirs stands."""
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _fetch(version: str, scratch: Path) -> None:
    """Copy the jars of `version` to ``lib`` in the `scratch` folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerTrouble(
            "no mvn was found on the PATH; Maven fetches Neo4j (on Debian: apt-get install maven)."
        )
    print(f"Fetching Neo4j {version} (120 MB, once)", file=sys.stderr)
    (scratch / "pom.xml").write_text(POM.format(version=version), encoding="utf-8")
    command = [maven, "-B", "-q", "--strict-checksums", "-f", str(scratch / "pom.xml"), PLUGIN]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={scratch / 'lib'}"]
    said = ""
    for _ in range(ATTEMPTS):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        said = (done.stdout + done.stderr).strip()
    raise ServerTrouble(f"Maven could not fetch Neo4j {version}:\n{said[-2000:]}")
