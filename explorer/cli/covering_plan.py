"""Options of suggestions and simulations: rules of a choice, agreements signed and ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.common import print_json, say, settings
from explorer.cli.tabular import print_csv
from explorer.cli.typed import number
from explorer.plan_state import per_territory
from graph.analysis.plan_rules import PARTITIONS, Constraints
from graph.errors import UsageError
from graph.store.port import GraphStore

if TYPE_CHECKING:
    from explorer.services.coverage_reading import CoverageQuestion
    from graph.analysis.travel import TravelTimes

_RULES: tuple[Callable[[Any], Any], ...] = (
    click.option("--include", multiple=True, help="a structure's id that must be chosen"),
    click.option("--exclude", multiple=True, help="a structure's id that must not be chosen"),
    click.option("--per-territory", default=None, help="LEVEL:N, at most N in each"),
    click.option("--least-capacity", type=number, default=None, help="beds or places"),
    click.option("--sensitivity", is_flag=True, help="also at other radii and detours"),
)
_TRIAL: tuple[Callable[[Any], Any], ...] = (
    click.option("--add", multiple=True, help="as if signed with this structure"),
    click.option("--remove", multiple=True, help="as if this partner had left"),
)


def _given(options: tuple[Callable[[Any], Any], ...]) -> Callable[[Callable[..., None]], Any]:
    return lambda function: reduce(lambda done, option: option(done), reversed(options), function)


ruled_options = _given(_RULES)
trial_options = _given(_TRIAL)


def constraints_of(options: dict[str, Any]) -> Constraints:
    """Return the rules that options ask.

    Raises
    ------
    UsageError
        Rules that cannot be meant.
    """
    limit = options["per_territory"]
    found = (None, None) if limit is None else per_territory(limit)
    if found is None:
        raise UsageError("coverage_rule.per_territory", value=limit, allowed=", ".join(PARTITIONS))
    return Constraints(
        include=frozenset(options["include"]),
        exclude=frozenset(options["exclude"]),
        level=found[0],
        most=found[1],
        least_capacity=options["least_capacity"],
    )


def print_plan(
    store: GraphStore,
    question: CoverageQuestion,
    count: int,
    constraints: Constraints,
    sensitive: bool,
    as_json: bool,
) -> None:
    """Print whom to sign with under the rules, and with `sensitive` whether that holds."""
    from explorer.services.coverage_plan import plan_of
    from explorer.services.coverage_plan_documents import plan_as_json
    from explorer.services.coverage_plan_words import choice_caveats, plan_lines
    from explorer.services.coverage_words import suggestion_caveats

    language = settings().language
    found = plan_of(store, question, count, constraints, sensitive=sensitive)
    if as_json:
        print_json(plan_as_json(found, question, language))
        return
    for line in plan_lines(found, language):
        click.echo(line)
    proposal = found.proposal
    said = choice_caveats(proposal.suggestion, proposal.names, language)
    for sentence in [*said, *suggestion_caveats(proposal, question, language)]:
        click.echo(sentence, err=True)


def print_trial(
    store: GraphStore,
    question: CoverageQuestion,
    options: dict[str, Any],
    form: str,
    times: TravelTimes | None,
) -> None:
    """Print what signatures and departures change; `form` is ``json``, ``csv`` or ``words``."""
    from explorer.services.coverage_plan_documents import trial_as_json, trial_rows
    from explorer.services.coverage_plan_words import names_of
    from explorer.services.coverage_simulation import trial_in_store
    from explorer.services.coverage_trial_words import trial_lines, trial_notes
    from explorer.services.coverage_words import caveats

    language = settings().language
    answer, found = trial_in_store(store, question, options["add"], options["remove"], times)
    names = names_of(answer)
    if form == "json":
        print_json(trial_as_json(answer, found, language))
        return
    if form == "csv":
        print_csv(trial_rows(found))
    else:
        for line in trial_lines(found, names, language):
            click.echo(line)
    if question.radius_km is None and question.minutes is None:
        say("plan.no_radius")
    for sentence in [*trial_notes(found, names, language), *caveats(answer, language)]:
        click.echo(sentence, err=True)
