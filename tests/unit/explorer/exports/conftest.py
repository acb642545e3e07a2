"""One store for every test of exports, and what is made of it by default."""

import pytest

from explorer.exports.material import Material
from tests.support.export_world import export_store, material


@pytest.fixture(scope="session")
def url(tmp_path_factory) -> str:
    return export_store(tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="session")
def made(url) -> Material:
    return material(url)


@pytest.fixture(scope="session")
def everything(url) -> Material:
    return material(url, restricted=True, persons=True)
