"""The documentation lists every loader of the registry, with its address and its licence."""

from pathlib import Path

import pytest

from loaders.base import SourceSpec
from loaders.registry import REGISTRY

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sources.md"


def row_of(loader: str) -> list[str]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{loader}` |")]
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("spec", REGISTRY, ids=lambda spec: spec.id)
def test_a_loader_is_documented(spec: SourceSpec) -> None:
    _, reads, address, licence, vintage, tried = row_of(spec.id)
    assert reads
    assert vintage
    assert tried
    assert licence == (spec.licence or "–")
    site = spec.address.split("/geoserver")[0].rstrip("/")
    assert site in address if site else address == "your own"


def test_nothing_else_is_documented() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    listed = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert listed == [spec.id for spec in REGISTRY]
