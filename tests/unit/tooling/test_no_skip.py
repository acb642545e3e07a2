"""In CI nothing may be skipped: the hooks of tests/conftest.py, in a pytest of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import CHECKOUT

SKIPPING = {
    "call": "import pytest\ndef test_it():\n    pytest.skip('for the call')\n",
    "marker": "import pytest\n@pytest.mark.skip(reason='for the mark')\ndef test_it(): ...\n",
    "module": "import pytest\npytest.skip('for the module', allow_module_level=True)\n",
    "realdata": "import pytest\n@pytest.mark.realdata\ndef test_it(): ...\n",
    "browser": "import pytest\n@pytest.mark.browser\ndef test_it(): ...\n",
    "neo4j": "import pytest\n@pytest.mark.neo4j\ndef test_it(): ...\n",
}
REASONS = (
    "for the call",
    "for the mark",
    "for the module",
    "set MAILLAGE_SHARED",
    "set MAILLAGE_CHROMIUM",
    "set MAILLAGE_TEST_NEO4J",
)
XFAIL = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert 0\n"


def run_pytest(folder: Path, no_skip: str) -> subprocess.CompletedProcess[str]:
    for name, code in (SKIPPING | {"xfail": XFAIL}).items():
        (folder / f"test_inner_{name}.py").write_text(code, encoding="utf-8")
    env = os.environ | {
        "MAILLAGE_NO_SKIP": no_skip,
        "MAILLAGE_SHARED": str(folder / "absent"),
        "MAILLAGE_CHROMIUM": str(folder / "absent"),
        "MAILLAGE_TEST_NEO4J": "",
        "PYTEST_ADDOPTS": "--continue-on-collection-errors",
    }
    command = [sys.executable, "-m", "pytest", "-c", str(CHECKOUT / "pyproject.toml")]
    command += ["-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:xdist", str(folder)]
    return subprocess.run(
        command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )


def test_skips_are_told_with_their_reason(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, no_skip="")
    assert done.returncode == 0, done.stdout
    assert "6 skipped, 1 xfailed" in done.stdout
    assert [reason for reason in REASONS if reason not in done.stdout] == []


def test_skips_fail_where_nothing_may_be_skipped(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, no_skip="1")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 xfailed, 5 errors" in done.stdout
    assert [reason for reason in REASONS if reason not in done.stdout] == []
