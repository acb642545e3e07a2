"""How to read a measure: one plain sentence, in French or English."""

from __future__ import annotations

from math import isnan

from babel.lists import format_list
from babel.numbers import format_decimal

from graph.analysis.betweenness import Estimate
from graph.analysis.key_player_sets import KeyPlayers
from graph.analysis.registry import metric
from graph.messages import text

Value = float | bool | None
DECIMALS = {"share": "#,##0.0##", "index": "#,##0.00#", "score": "#,##0.0##"}


def reading(key: str, value: Value, language: str = "fr", **names: str) -> str:
    """Return the sentence that says what `value` of the measure `key` means.

    Parameters
    ----------
    key : str
        Id of a measure of :data:`METRICS`.
    value : number, bool or None
        None and NaN read as not defined here.
    language : {'fr', 'en'}
        Language of the reader.
    **names : str
        ``structure`` for a measure of a structure, ``through`` for sole relays.

    Raises
    ------
    KeyError
        No such measure, or a name that its sentence needs is missing.
    """
    item = metric(key)
    if value is None or (isinstance(value, float) and isnan(value)):
        return text("analysis.undefined", language, name=item.name(language))
    if item.unit == "yes_no":
        return text(f"analysis.metric.{key}.reading_{'yes' if value else 'no'}", language, **names)
    said = said_value(key, value, language)
    return text(f"analysis.metric.{key}.reading", language, n=value, value=said, **names)


def said_value(key: str, value: Value, language: str = "fr") -> str:
    """Return `value` as it is written in `language`, with the decimals that its unit deserves."""
    unit = metric(key).unit
    if value is None or (isinstance(value, float) and isnan(value)):
        return text("analysis.no_value", language)
    if unit == "yes_no":
        return text(f"analysis.{'yes' if value else 'no'}", language)
    whole = float(value).is_integer()
    pattern = DECIMALS.get(unit, "#,##0" if whole else "#,##0.0#")
    return format_decimal(value, format=pattern, locale=language)


def key_players_reading(found: KeyPlayers, names: tuple[str, ...], language: str = "fr") -> str:
    """Return what the departure of the most critical partners does, and how they were found.

    `names` are those of ``found.nodes``, in their order.
    """
    if not names or found.before is None or found.after is None:
        return text("analysis.undefined", language, name=metric("key_players").name(language))
    return text(
        "analysis.metric.key_players.reading",
        language,
        names=format_list(names, locale=language),
        before=said_value(found.criterion, found.before, language),
        after=said_value(found.criterion, found.after, language),
        method=text(f"analysis.method.{found.method}", language),
    )


def estimate_reading(found: Estimate, language: str = "fr") -> str:
    """Return the sentence that says that a betweenness is an estimate, and how good it is."""
    if found.exact:
        return text("analysis.exact", language)
    return text(
        "analysis.estimate",
        language,
        pivots=format_decimal(found.pivots, locale=language),
        sources=format_decimal(found.sources, locale=language),
        margin=format_decimal(round(found.margin), locale=language),
    )
