"""The browser code copied by make setup, and its place in Streamlit's component scan."""

from pathlib import Path

import pytest
from streamlit.components.v2.manifest_scanner import scan_component_manifests

import setup_assets
from tests.conftest import CHECKOUT


def test_the_installed_pyvis_has_the_network_file(tmp_path: Path) -> None:
    package = setup_assets.pyvis_folder()
    assert package is not None
    (copy,) = setup_assets.copy_assets(package, tmp_path / "assets")
    assert copy.name == "vis-network.min.js"
    assert "vis-network" in copy.read_text(encoding="utf-8")[:500]


def test_a_pyvis_without_the_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup_assets, "pyvis_folder", lambda: tmp_path)
    monkeypatch.setattr(setup_assets, "ASSET_DIR", tmp_path / "assets")
    assert setup_assets.main() == 1
    assert "vis-network.min.js does not exist" in capsys.readouterr().err


def test_streamlit_finds_the_canvas_assets() -> None:
    found = {
        f"{manifest.name}.{component.name}": component.resolve_asset_root(root)
        for manifest, root in scan_component_manifests()
        for component in manifest.components
    }
    assert found["maillage.canvas"] == CHECKOUT / "explorer" / "canvas" / "assets"
