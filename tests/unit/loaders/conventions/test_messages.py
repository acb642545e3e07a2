"""Every reason that the loader can give is in the catalogues, and no reason there is unused."""

import re
from pathlib import Path

import loaders.conventions
from graph.messages import LANGUAGES, catalogue

SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (
        *Path(loaders.conventions.__file__).parent.glob("*.py"),
        Path(loaders.conventions.__file__).parent.parent / "french_dates.py",
    )
)
MASKED = {f"masked_{kind}" for kind in ("mailbox", "nir", "ipp", "phone", "person")}


def _used(pattern: str) -> set[str]:
    return set(re.findall(pattern, SOURCES))


def test_reasons() -> None:
    given = _used(
        r'(?:CellError|DateError|parties\.warn|self\.warn|reading\.report|at\.report)\(\s*"([a-z_]+)"'
    )
    given |= _used(r'row\.warn\(\s*(?:field|"[a-z_]+"), "([a-z_]+)"')
    given |= _used(r'"register\.([a-z_]+)"')
    given |= _used(r'= "((?:partner|territory)_unknown[a-z_]*|formula_no_value)"')
    given |= _used(r'return "([a-z]+_[a-z_]+)"') | MASKED | {"left_out_person"}
    for language in LANGUAGES:
        keys = {
            key.split(".")[2]
            for key in catalogue(language)
            if key.startswith(("rejection.register.", "error.register."))
        }
        unused = {
            key for key in keys if f'"{key}"' not in SOURCES and f"register.{key}" not in SOURCES
        }
        assert unused - MASKED - _composed() == set()
        missing = {code for code in given if not _known(code, language)}
        assert missing == set()


def _composed() -> set[str]:
    """Codes put together from parts."""
    return {"left_out_person", "columns", "columns_alike", "profile_fits"}


def _known(code: str, language: str) -> bool:
    names = (f"rejection.register.{code}", f"error.register.{code}")
    return any(key in catalogue(language) or f"{key}.one" in catalogue(language) for key in names)
