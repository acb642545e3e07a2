"""What ``maillage doctor`` checks, and what to do about what is wrong."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from graph.errors import MaillageError
from graph.messages import text
from graph.store.open import open_store

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON_NEEDED = (3, 11)
FREE_MEGABYTES_NEEDED = 500


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One check: its name, whether it passed, and the values that its message shows."""

    check: str
    ok: bool
    params: dict[str, object] = {}
    error: MaillageError | None = None
    exit_code: int = 3

    def said(self, language: str) -> str:
        """Return the finding in words, with the advice when it failed."""
        if self.error is not None:
            return self.error.message(language)
        outcome = "ok" if self.ok else "failed"
        return text(f"doctor.{self.check}.{outcome}", language, **self.params)

    def as_json(self, language: str) -> dict[str, object]:
        """Return the finding as the document that ``--json`` prints."""
        return {"check": self.check, "ok": self.ok, "message": self.said(language)}


def examine(store_url: str | None) -> list[Finding]:
    """Return every check's finding; none stops the others."""
    checks: tuple[Callable[[], Finding], ...] = (
        _python,
        _files,
        _canvas,
        _disk,
        lambda: _store(store_url),
    )
    return [check() for check in checks]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        check="python", ok=sys.version_info[:2] >= PYTHON_NEEDED, params={"version": version}
    )


def _files() -> Finding:
    needed = ("territories/territories.parquet", "reference/cooperations.csv", "kinds.csv")
    missing = [name for name in needed if not (CHECKOUT / "data" / name).is_file()]
    return Finding(check="files", ok=not missing, params={"missing": ", ".join(missing)})


def _canvas() -> Finding:
    script = CHECKOUT / "explorer" / "canvas" / "assets" / "vis-network.min.js"
    return Finding(check="canvas", ok=script.is_file(), params={"file": script.name})


def _disk() -> Finding:
    free = shutil.disk_usage(Path.home()).free // 1_000_000
    return Finding(check="disk", ok=free >= FREE_MEGABYTES_NEEDED, params={"free": free})


def _store(url: str | None) -> Finding:
    try:
        store = open_store(url)
    except MaillageError as error:
        return Finding(check="store", ok=False, error=error, exit_code=error.exit_code)
    try:
        held = store.status()
        count = sum(held.structures.values())
        return Finding(check="store", ok=True, params={"store": store.url, "n": count})
    except MaillageError as error:
        return Finding(check="store", ok=False, error=error, exit_code=error.exit_code)
    finally:
        store.close()
