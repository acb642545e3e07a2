"""What ``maillage suggest`` adds on rules and radii, and ``maillage coverage --add`` prints."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_documents import Document, row_document, suggestion_as_json
from explorer.services.coverage_network import Role
from explorer.services.coverage_plan import Plan
from explorer.services.coverage_plan_words import choice_caveats, names_of, verdict
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.coverage_simulation import Standing, Trial
from explorer.services.coverage_trial_words import trial_notes
from explorer.services.coverage_words import caveats, suggestion_caveats
from graph.analysis.plan_rules import Constraints
from graph.analysis.sensitivity import Sensitivity, turning

_KM = 1000.0


def plan_as_json(found: Plan, question: CoverageQuestion, language: str) -> Document:
    """Return the document of a suggestion, its rules, and the sensitivity if asked for."""
    proposal = found.proposal
    document = suggestion_as_json(proposal, question, language)
    said = choice_caveats(proposal.suggestion, proposal.names, language)
    last = [*said, *suggestion_caveats(proposal, question, language)]
    other = found.sensitivity
    return {
        **document,
        "rules": rules_as_json(found.constraints),
        "sensitivity": None
        if other is None
        else sensitivity_as_json(other, found.names, proposal.basis, language),
        "caveats": last,
    }


def rules_as_json(rules: Constraints) -> Document:
    """Return the rules of a choice; null where nothing was asked."""
    limited = rules.level is not None
    return {
        "include": sorted(rules.include),
        "exclude": sorted(rules.exclude),
        "per_territory": {"level": rules.level, "most": rules.most} if limited else None,
        "least_capacity": rules.least_capacity,
    }


def sensitivity_as_json(
    found: Sensitivity, names: dict[str, str], basis: str, language: str
) -> Document:
    """Return the choice at every radius and detour; kilometres are those by road."""
    turns = turning(found)
    return {
        "fragile": found.fragile,
        "people_lost_at_worst": found.worst,
        "stable": list(found.stable),
        "changes_at": {
            "smaller_radius_km": None if turns.nearer is None else turns.nearer / _KM,
            "larger_radius_km": None if turns.farther is None else turns.farther / _KM,
            "detour": turns.detour,
        },
        "trials": [
            {
                "radius_km": trial.radius / _KM,
                "detour": trial.detour,
                "solutions": [list(s) for s in trial.found.solutions] if trial.found else [],
                "truncated": trial.found.truncated if trial.found else False,
                "people_best": trial.people_best,
                "people_kept": trial.people_kept,
                "holds": trial.holds,
            }
            for trial in found.trials
        ],
        "words": verdict(found, names, basis, language),
    }


def trial_as_json(answer: CoverageAnswer, found: Trial, language: str) -> Document:
    """Return a simulation: coverage, accessibility and network, before and after."""
    question = answer.question
    return {
        "level": question.level,
        "focus": question.selection.focus,
        "as_of": question.selection.on.isoformat(),
        "radius_km": question.radius_km,
        "minutes": question.minutes,
        "add": list(found.add),
        "remove": list(found.remove),
        "before": _side(found, 0),
        "after": _side(found, 1),
        "also_joined": list(found.also_joined),
        "also_left": list(found.also_left),
        "assumptions": trial_notes(found, names_of(answer), language),
        "caveats": caveats(answer, language),
    }


def _side(found: Trial, side: int) -> Document:
    change = found.network
    return {
        "rows": [
            _standing(standing)
            for each in found.kinds.values()
            for standing in _sorted((each.before, each.after)[side].values())
        ],
        "network": {
            "direct_partners": change.direct[side],
            **{name: values[side] for name, values in change.measures.items()},
        },
        "structures": {ident: _role(roles[side]) for ident, roles in change.roles.items()},
    }


def _sorted(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda item: item.row.territory)


def _standing(item: Standing) -> Document:
    asked = item.reach.territory != ""
    return {
        **row_document(item.row, item.reach if asked else None),
        "places_in_reach_per_1000": item.access,
    }


def _role(role: Role | None) -> Document | None:
    if role is None:
        return None
    return {
        "ties": role.ties,
        "betweenness": role.betweenness,
        "only_relay_of": list(role.depend),
    }


def trial_rows(found: Trial) -> list[Document]:
    """Return one flat record a territory and kind: before and after side by side."""
    rows = []
    for kind, each in found.kinds.items():
        for ref in sorted(each.before):
            before, after = each.before[ref], each.after[ref]
            row: Document = {"territory": ref, "name": before.row.name, "kind": kind}
            for when, item in (("before", before), ("after", after)):
                row |= {
                    f"state_{when}": item.row.state,
                    f"population_covered_{when}": item.reach.population_covered,
                    f"share_covered_{when}": item.reach.share_covered,
                    f"places_in_reach_per_1000_{when}": item.access,
                }
            rows.append(row)
    return rows
