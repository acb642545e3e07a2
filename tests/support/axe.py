"""axe-core, fetched from the npm registry at test time: what it finds on a page.

The script is not part of the project: `npm pack` brings the pinned version once, its SHA-512 is
checked, and it stays in the user's cache folder.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs
import pytest
from playwright.sync_api import Page

VERSION = "4.14.1"
INTEGRITY = (
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
GRAVE = ("serious", "critical")


class Finding(NamedTuple):
    """One element that breaks one rule: where it is, and its text as HTML."""

    rule: str
    selector: str
    html: str


def script() -> str:
    """Return axe-core's script, or skip the test with the reason."""
    folder = Path(os.environ.get("MAILLAGE_AXE") or platformdirs.user_cache_dir("maillage-tests"))
    packed = folder / f"axe-core-{VERSION}.tgz"
    if not packed.exists():
        _fetch(packed)
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    assert digest == INTEGRITY, f"{packed} is not axe-core {VERSION}: remove it and try again"
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def _fetch(packed: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not there to fetch axe-core; install it")
    # One folder a process: two workers may fetch at once.
    own = packed.parent / f"{os.getpid()}"
    own.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", f"axe-core@{VERSION}", "--silent", "--ignore-scripts"]
    done = subprocess.run(command, cwd=own, capture_output=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"axe-core could not be fetched: {done.stderr.decode(errors='replace')[:200]}")
    (own / packed.name).replace(packed)
    own.rmdir()


def grave_findings(
    page: Page,
    axe: str,
    rules: Iterable[str] = (),
    leave_out: Iterable[str] = (),
    *,
    contrast: bool = True,
) -> list[Finding]:
    """Return what is serious or critical on the page, element by element.

    Parameters
    ----------
    page : Page
        As it stands.
    axe : str
        The script (:func:`script`).
    rules : iterable of str, optional
        Only these rules; else those of WCAG 2.1 A and AA.
    leave_out : iterable of str, optional
        Selectors of parts that were looked at before.
    contrast : bool
        Without, colours are not compared: it takes as long as all else.
    """
    # Added by the debugger's channel: a page's own policy has no say in it.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": RULES}
    answer = page.evaluate(
        "([only, out, contrast]) => axe.run({exclude: out.map(each => [each])},"
        " {runOnly: only, rules: {'color-contrast': {enabled: contrast}},"
        " resultTypes: ['violations']})",
        [only, list(leave_out), contrast],
    )
    return list(_findings(answer["violations"]))


def _findings(violations: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    for violation in violations:
        if violation["impact"] in GRAVE:
            for node in violation["nodes"]:
                yield Finding(violation["id"], " ".join(map(str, node["target"])), node["html"])
