"""The filters that commands on the network share, and the selection that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import click

from explorer.cli.asking import NO_FOCUS, as_of_date, known
from explorer.cli.common import settings
from explorer.selection import Selection
from graph.store.port import GraphStore
from graph.vocabulary import KINDS, Status

_FILTERS: tuple[Callable[[Any], Any], ...] = (
    click.option("--as-of", default=None, help="2026-11-22 or 2026-11 (today)"),
    click.option("--kind", "kinds", multiple=True),
    click.option("--territory", "territories", multiple=True, help="LEVEL:CODE"),
    click.option("--focus", default=None, help="a structure's id, or none"),
    click.option("--theme", "themes", multiple=True),
    click.option("--status", "statuses", multiple=True),
)


def filtered(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the filters of the network; they arrive as keyword arguments."""
    return reduce(lambda done, option: option(done), reversed(_FILTERS), function)


def selection_of(store: GraphStore, filters: Mapping[str, Any]) -> Selection:
    """Return the selection that the filters of :func:`filtered` ask for.

    Raises
    ------
    UsageError
        A date, kind, territory, theme or status that does not exist.
    """
    from explorer.services.view import resolve_territory

    themes = filters["themes"]
    return Selection(
        focus=_focus(filters["focus"]),
        on=as_of_date(filters["as_of"]),
        kinds=known("kind", filters["kinds"], KINDS),
        territories=frozenset(resolve_territory(store, item) for item in filters["territories"]),
        themes=known("theme", themes, _themes(store) if themes else ()),
        statuses=known("status", filters["statuses"], tuple(Status)),
    )


def _focus(given: str | None) -> str | None:
    focus = given or settings().focus
    return None if focus == NO_FOCUS else focus


def _themes(store: GraphStore) -> tuple[str, ...]:
    return tuple(sorted({theme for item in store.cooperations() for theme in item.themes}))
