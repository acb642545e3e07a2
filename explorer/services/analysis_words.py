"""The analysis in words: what the network says, what a departure does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from explorer.services.network import NetworkAnswer
from explorer.wording import day_in_words, joined
from graph.analysis import METRICS, metric, reading, said_value
from graph.identifiers import fold
from graph.messages import text

Document = Mapping[str, Any]
SHOWN = ("degree", "betweenness", "is_cut_point")
"""Measures first shown in a table; the others are asked for."""
NAMED = 8
"""So many names are said in a sentence; the rest is counted."""

NETWORK = tuple(item.id for item in METRICS if item.kind == "network")
STRUCTURE = tuple(item.id for item in METRICS if item.kind == "structure")


def name_in(answer: NetworkAnswer, key: object) -> str:
    """Return the name of a structure, its id where no source names it."""
    item = answer.structures.get(str(key))
    return (item.name if item else None) or str(key)


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Return `labels` by id in the order of their words; those alike bear the id as well."""
    count = Counter(labels.values())
    ordered = sorted(labels.items(), key=lambda item: (fold(item[1]), item[0]))
    return {key: name if count[name] == 1 else f"{name} ({key})" for key, name in ordered}


def names_in(answer: NetworkAnswer, keys: Iterable[object], language: str) -> str:
    """Return names as a sentence lists them; beyond :data:`NAMED` they are counted."""
    names = [name_in(answer, key) for key in keys]
    if len(names) > NAMED:
        more = text("analyse.more", language, n=len(names) - NAMED)
        names = [*names[:NAMED], more]
    return joined(names, language)


def table_columns(language: str) -> dict[str, str]:
    """Return the columns of the table on the terminal with their headings."""
    headings = {name: text(f"page.column.{name}", language) for name in ("name", "kind", "id")}
    measures = {name: metric(name).name(language) for name in SHOWN}
    return {name: headings.pop(name) for name in ("name", "kind")} | measures | headings


def network_lines(answer: NetworkAnswer, document: Document, language: str) -> list[str]:
    """Return what a network says, a sentence a line, the actionable first."""
    network = answer.network
    day = text("view.situation", language, day=day_in_words(network.on, language))
    name = name_in(answer, network.focus) if network.focus else text("analyse.everyone", language)
    lines = [f"{name} · {day}", ""]
    if network.focus:
        lines += situation_lines(answer, document["situation"], language)
    for part in ("removal", "lapse", "comparison"):
        if part in document:
            lines += ["", *_PARTS[part](answer, document[part], language)]
    lines += ["", *(reading(key, document["summary"][key], language) for key in NETWORK)]
    lines += ["", document["caveat"]]
    return lines


def situation_lines(answer: NetworkAnswer, found: Document, language: str) -> list[str]:
    """Return the partners, the ties beside us and the sole relays in words."""
    lines = [reading("direct_partners", len(found["direct_partners"]), language)]
    if found["inherited_partners"]:
        lines.append(text("analyse.inherited", language, n=len(found["inherited_partners"])))
    lines.append(reading("outside_ties", len(found["outside_ties"]), language))
    relays = sorted(found["sole_relays"], key=lambda item: -len(item["reached_through_it"]))
    lines += [
        relay_line(answer, item["id"], len(item["reached_through_it"]), language) for item in relays
    ]
    return lines if relays else [*lines, text("analyse.no_relay", language)]


def relay_line(answer: NetworkAnswer, relay: object, dependents: int, language: str) -> str:
    """Return « 14 partenaires ne nous sont reliés que par … »."""
    return reading("sole_relays", dependents, language, through=name_in(answer, relay))


def departure_lines(answer: NetworkAnswer, found: Document, language: str) -> list[str]:
    """Return what a departure does in words."""
    titles = [answer.cooperations[key].title or key for key in found["cooperations"]]
    gone = [name_in(answer, key) for key in found["structures"]]
    what = joined([*gone, *titles][:NAMED], language)
    lines = [text("analyse.without", language, what=what, n=len(gone) + len(titles))]
    lines += [_before_after(key, found, language) for key in ("F", "DF")]
    lines.append(_with_names("cut_off", answer, found["cut_off"], language))
    if found["no_longer_partners"]:
        who = names_in(answer, found["no_longer_partners"], language)
        count = len(found["no_longer_partners"])
        lines.append(text("analyse.former", language, n=count, names=who))
    lines += [
        text(
            "analyse.loss",
            language,
            territory=item["name"] or item["territory"],
            kind=text(f"kind.{item['kind']}", language),
            names=names_in(answer, item["partners"], language),
        )
        for item in found["last_of_their_kind"]
    ]
    if not found["after"]["nodes"]:
        lines.append(text("analyse.nothing_left", language))
    return lines


def _before_after(key: str, found: Document, language: str) -> str:
    before, after = (said_value(key, found[when][key], language) for when in ("before", "after"))
    name = metric(key).name(language)
    return text("analyse.before_after", language, name=name, before=before, after=after)


def _with_names(key: str, answer: NetworkAnswer, who: Sequence[str], language: str) -> str:
    said = reading(key, len(who), language)
    return f"{said} ({names_in(answer, who, language)})" if who else said


def _lapse_lines(answer: NetworkAnswer, found: Document, language: str) -> list[str]:
    day = found["before"]
    lines = [text("analyse.lapsing", language, n=len(found["agreements"]), day=day)]
    lines += [f"- {item['title'] or item['id']} ({item['end']})" for item in found["agreements"]]
    if found["without_stated_end"]:
        lines.append(text("analyse.no_term", language, n=found["without_stated_end"]))
    effect = found["effect"]
    return lines + (departure_lines(answer, effect, language) if effect else [])


def _comparison_lines(_answer: NetworkAnswer, found: Document, language: str) -> list[str]:
    lines = [text("analyse.between", language, before=found["before"], after=found["after"])]
    counts = {name: len(found[name]) for name in ("arrived", "left", "gained", "lost")}
    names = {row["id"]: row["name"] for row in found["structures"]}
    for name, count in counts.items():
        said = text(f"analyse.count.{name}", language, n=count)
        listed = [names[key] for key in found[name][:NAMED]] if name in {"arrived", "left"} else []
        lines.append(f"{said} ({joined(listed, language)})" if listed else said)
    return lines


_PARTS = {
    "removal": departure_lines,
    "lapse": _lapse_lines,
    "comparison": _comparison_lines,
}
