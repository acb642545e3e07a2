"""Stores filled from what the program ships, for tests that need the reference ecosystem."""

from pathlib import Path

from graph.store.open import open_store
from loaders import reference, territories
from loaders.base import LoadContext

DEPARTEMENTS = ("75", "77", "91", "92", "93", "94")


def fill_reference(path: Path) -> str:
    """Write the reference ecosystem and its départements to `path`; return the store's URL."""
    url = f"sqlite:///{path}"
    store = open_store(url)
    try:
        for spec in (territories.SPEC, reference.SPEC):
            departements = DEPARTEMENTS if spec is territories.SPEC else ()
            store.apply(spec.read([], LoadContext(departements=departements)))
    finally:
        store.close()
    return url
