"""The settings in use, in words: what the selection and the page *Couverture* ask for now."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.services.accessibility import bands_of
from explorer.services.choices import Choices, asked
from explorer.services.view import territory_names
from explorer.view_state import ViewState
from explorer.wording import day_in_words, joined, number_in_words
from graph.identifiers import fold
from graph.messages import text
from graph.methods import METHODS, NOTHING, Method
from graph.status import NOTICE_HORIZON_MONTHS, RENEWAL_HORIZON_MONTHS, SIGNATURE_PATIENCE_DAYS
from graph.store.port import GraphStore
from graph.vocabulary import COUNTED_STATUSES, Status


def settings_in_use(
    store: GraphStore, state: ViewState, choices: Choices, focus: str, around: tuple[str, ...]
) -> dict[str, tuple[str, str]]:
    """Return each setting by id: what it is called, and its value now, in words.

    Parameters
    ----------
    store : GraphStore
        Names the territories.
    state : ViewState
        What is looked at.
    choices : Choices
        Names the themes.
    focus : str
        Name of the structure at the centre.
    around : tuple of str
        The territory looked at where none is chosen.
    """
    say = _Say(state.language)
    values = {**_of_selection(state, choices, focus, say), **_of_coverage(state, say)}
    values["territories"] = _territories(store, state, around, say)
    return {key: (say(key), value) for key, value in (values | _fixed(say)).items()}


class _Say:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, /, **params: object) -> str:
        return text(f"methods.parameter.{key}", self.language, **params)

    def listed(self, area: str, keys: Iterable[str]) -> str:
        return joined([text(f"{area}.{key}", self.language) for key in keys], self.language)


def _of_selection(state: ViewState, choices: Choices, focus: str, say: _Say) -> dict[str, str]:
    now = state.selection
    counted = [item for item in Status if item in (now.statuses or COUNTED_STATUSES)]
    themes = sorted(asked(now, choices).themes)
    return {
        "on": day_in_words(now.on, say.language),
        "focus": focus if now.focus else say("everyone"),
        "kinds": say.listed("kind", sorted(now.kinds)) or say("every"),
        "themes": joined(themes, say.language) or say("every"),
        "statuses": say.listed("status", counted),
        "inherit": say("inherit_on" if now.inherit else "inherit_off"),
    }


def _territories(store: GraphStore, state: ViewState, around: tuple[str, ...], say: _Say) -> str:
    chosen = state.selection.territories
    names = territory_names(store, chosen or around)
    said = joined(sorted(names.values()), say.language)
    return said if chosen else f"{say('every')} ({said})" if said else say("every")


def _of_coverage(state: ViewState, say: _Say) -> dict[str, str]:
    cover, speaks = state.cover, say.language
    detour, speed = (number_in_words(value, speaks) for value in (cover.detour, cover.speed_kmh))
    return {
        "level": text(f"level.{cover.level}", speaks),
        "population": text(f"coverage.page.population.{cover.population}", speaks),
        "radius": say("radius_value", km=number_in_words(cover.radius_km, speaks)),
        "demand": text(f"coverage.page.demand.{cover.demand}", speaks),
        "approach": text(f"access.method.{cover.approach}", speaks),
        "bands": str(bands_of(cover.approach, cover.bands) or NOTHING),
        "travel": say("travel_value", detour=detour, speed=speed),
    }


def _fixed(say: _Say) -> dict[str, str]:
    return {
        "renewal": say("months", n=RENEWAL_HORIZON_MONTHS),
        "notice": say("months", n=NOTICE_HORIZON_MONTHS),
        "patience": say("days", n=SIGNATURE_PATIENCE_DAYS),
    }


def matching(words: str, language: str) -> tuple[Method, ...]:
    """Return the methods in whose name, formula, source or caveats every word occurs."""
    wanted = fold(words).split()
    return tuple(item for item in METHODS if all(word in _said(item, language) for word in wanted))


def _said(item: Method, language: str) -> str:
    parts = (item.id, item.name(language), item.how(language), item.source(language))
    return fold(" ".join((*parts, *item.caveats(language))))
