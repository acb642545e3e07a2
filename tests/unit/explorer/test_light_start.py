"""What commands and loads start with: nothing that takes seconds and hundreds of megabytes."""

import subprocess
import sys

import pytest

HEAVY = ("geopandas", "matplotlib", "networkx", "pandas", "pptx", "scipy", "streamlit")


@pytest.mark.parametrize("module", ["explorer.cli.main", "explorer.services.loading"])
def test_nothing_heavy_is_imported_before_it_is_needed(module):
    code = f"import sys, {module}; print(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
