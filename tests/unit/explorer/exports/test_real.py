"""Exports of the bundled ecosystem over the real establishments of Val-de-Marne.

What is expected is read from the FHIR file itself, without our loaders.
"""

import io
import json
from pathlib import Path

import networkx as nx
import openpyxl
import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.services.loading import run_load
from graph.store.open import open_store
from loaders.base import LoadContext
from tests.support import fhir

pytestmark = pytest.mark.realdata

VIEW = ("--as-of", "2026-11-22")
FOCUS = "ght:940110018"


@pytest.fixture(scope="module")
def folder(shared_data: Path, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("real")
    url = f"sqlite:///{(place / 'real.db').as_posix()}"
    held = open_store(url)
    run_load(held, "territoires", context=LoadContext(departements=("91", "94")))
    run_load(held, "reference")
    rewritten = fhir.rewrite(shared_data, place / "cs1100507.csv", files=fhir.FILES[:1])
    run_load(held, "finess", [rewritten])
    held.close()
    formats = [word for item in ("geojson", "graphml", "xlsx") for word in ("--format", item)]
    out = place / "out"
    out.mkdir()
    for focus in (FOCUS, "none"):
        words = ["--store", url, "export", str(out), *formats, "--focus", focus, *VIEW]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
    return out


def test_structures_stand_where_the_real_file_has_them(folder, shared_data):
    document = json.loads((folder / "reseau_confluence_2026-11-22.geojson").read_bytes())
    written = {
        item["properties"]["id"]: item["geometry"]["coordinates"]
        for item in document["features"]
        if item["properties"]["layer"] == "structures" and item["geometry"]
    }
    real = {
        item.number: (item.longitude, item.latitude)
        for item in fhir.establishments([shared_data / fhir.FILES[0]])
    }
    compared = written.keys() & real.keys()
    assert len(compared) > 8
    for key in compared:
        assert written[key] == pytest.approx(real[key], abs=2e-4)  # a newer source may be nearer


@pytest.mark.parametrize("name", ["confluence", "tous"])
def test_graph_and_workbook_hold_the_same_network(folder, name):
    graph = nx.read_graphml(folder / f"reseau_{name}_2026-11-22.graphml", force_multigraph=True)
    content = (folder / f"reseau_{name}_2026-11-22.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    ids = {row[0] for row in book["Structures"].iter_rows(min_row=2, values_only=True)}
    ties = {row[0] for row in book["Liens"].iter_rows(min_row=2, values_only=True)}
    assert ids == set(graph)
    assert ties == {key for _, _, key in graph.edges(keys=True)}
    assert len(ids) > 30
