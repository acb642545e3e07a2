"""The command that measures: network, as it is, without some of it, and on two days."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from explorer.cli.asking import as_of_date, first_day
from explorer.cli.common import command, opened, print_json, progress_bar, say, settings
from explorer.cli.helping import Spoken
from explorer.cli.selecting import filtered, selection_of
from explorer.cli.tabular import print_csv, print_table
from explorer.services.network import NetworkAnswer
from graph.store.port import GraphStore

Document = dict[str, Any]


@click.command(cls=Spoken)
@filtered
@click.option("--without-focus", is_flag=True)
@click.option("--remove", "removed", multiple=True, help="a structure or agreement of the network")
@click.option("--lapse-before", default=None, help="what ends before this day if nothing is done")
@click.option("--compare-with", default=None, help="another day")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@command
def network(
    without_focus: bool,
    removed: tuple[str, ...],
    lapse_before: str | None,
    compare_with: str | None,
    as_json: bool,
    as_csv: bool,
    **filters: Any,  # noqa: ANN401 - the options of `filtered`
) -> None:
    """Measure the partner network: the focus set, its partners and all ties among them."""
    from explorer.services.network import network_of

    with opened(ready=True) as store:
        answer = network_of(store, selection_of(store, filters))
        document = _measured(answer, without_focus=without_focus)
        document |= _asked(store, answer, removed, _first(lapse_before), _last(compare_with))
    if as_json:
        print_json(document)
    elif as_csv:
        print_csv(document.get("comparison", document)["structures"])
        say("analyse.ego")
    else:
        _print(answer, document)


def _measured(answer: NetworkAnswer, *, without_focus: bool) -> Document:
    from explorer.services.analysis import situation
    from explorer.services.analysis_documents import situation_as_json
    from explorer.services.tables import network_as_json
    from graph.analysis import Watch

    with progress_bar() as progress:
        watch = Watch(
            progress=lambda stage, done, total: progress(
                f"analysis.metric.{stage}.name", done, total
            )
        )
        found = network_as_json(
            answer, without_focus=without_focus, language=settings().language, watch=watch
        )
    return {**found, "situation": situation_as_json(situation(answer))}


def _asked(
    store: GraphStore,
    answer: NetworkAnswer,
    removed: tuple[str, ...],
    before: date | None,
    other: date | None,
) -> Document:
    """Return the simulations and the comparison that were asked for, each under its own key."""
    from explorer.services import analysis_documents as documents
    from explorer.services.analysis_dates import compared
    from explorer.services.analysis_departure import departure, lapse, removable

    found: Document = {}
    if removed:
        gone = departure(store, answer, *removable(answer, removed))
        found["removal"] = documents.departure_as_json(gone)
    if before is not None:
        found["lapse"] = documents.lapse_as_json(lapse(store, answer, before), answer)
    if other is not None:
        found["comparison"] = documents.comparison_as_json(compared(store, answer, other))
    return found


def _print(answer: NetworkAnswer, document: Document) -> None:
    """Write the network for a person: what it says, then the table."""
    from explorer.services.analysis_words import network_lines, table_columns

    language = settings().language
    for line in network_lines(answer, document, language):
        click.echo(line)
    click.echo()
    print_table(document["structures"], table_columns(language), language)


def _first(value: str | None) -> date | None:
    return None if value is None else first_day(value)


def _last(value: str | None) -> date | None:
    return None if value is None else as_of_date(value)
