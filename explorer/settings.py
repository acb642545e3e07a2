"""Settings, read once from the environment; every one has a default that works offline."""

from __future__ import annotations

import os
from collections.abc import Mapping

import msgspec

from graph.messages import DEFAULT_LANGUAGE, LANGUAGES

VARIABLES = (
    "MAILLAGE_STORE",
    "MAILLAGE_FOCUS",
    "MAILLAGE_TERRITORIES",
    "MAILLAGE_LANGUAGE",
    "MAILLAGE_ROUTER",
    "MAILLAGE_RESTRICTED",
)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation decides.

    `store` is a store URL (None: the user's data folder). `focus` is the structure or grouping
    whose partners are looked at, `territories` the references of the territory shown behind it
    (Val-de-Marne and Essonne for the bundled ecosystem, DOMAIN.md). `router` is the address of a
    routing server that the page *Couverture* may ask for travel times; without it, none is.
    `restricted` shows the whole of agreements marked *restreint*.
    """

    store: str | None = None
    focus: str = "ght:940110018"
    territories: tuple[str, ...] = ("departement:94", "departement:91")
    language: str = DEFAULT_LANGUAGE
    router: str | None = None
    restricted: bool = False


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that `environment` (by default the process's own) states."""
    values = os.environ if environment is None else environment
    default = Settings()
    territories = tuple(item for item in values.get("MAILLAGE_TERRITORIES", "").split(",") if item)
    language = values.get("MAILLAGE_LANGUAGE", default.language)
    return Settings(
        store=values.get("MAILLAGE_STORE") or None,
        focus=values.get("MAILLAGE_FOCUS") or default.focus,
        territories=territories or default.territories,
        language=language if language in LANGUAGES else default.language,
        router=values.get("MAILLAGE_ROUTER") or None,
        restricted=values.get("MAILLAGE_RESTRICTED") == "1",
    )
