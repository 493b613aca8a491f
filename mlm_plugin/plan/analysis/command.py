"""`check PLAN.toml [--profile us|eu|ru|in|cn] [--json]`: what can be said of a plan before a run."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlm_plugin.plan.analysis.customers import check_customers
from mlm_plugin.plan.analysis.findings import Finding
from mlm_plugin.plan.analysis.legal import Verdict, judge
from mlm_plugin.plan.analysis.payout import Bound, bound_payout
from mlm_plugin.plan.analysis.ranks import check_ranks
from mlm_plugin.plan.analysis.rates import check_rates, percent
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.profiles import PROFILES, load_profile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("plan", type=Path)
    parser.add_argument("--profile", choices=PROFILES, help="the rules of a market")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(work=work)


def find_all(plan: Plan) -> list[Finding]:
    """Everything that was found in a document, by what it is about."""
    return [*check_ranks(plan), *check_rates(plan), *check_customers(plan)]


def work(options: argparse.Namespace) -> None:
    """Check a plan and print what was found. Raises PlanError for a document that is no plan."""
    plan = load_plan(options.plan)
    findings, bounds = find_all(plan), bound_payout(plan)
    verdicts = judge(plan, load_profile(options.profile)) if options.profile else None
    if options.json:
        report = _report(plan, findings, bounds, options.profile, verdicts)
        sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
        return
    for line in _text(plan, findings, bounds, options.profile, verdicts):
        sys.stdout.write(f"{line}\n")


def _text(
    plan: Plan,
    findings: list[Finding],
    bounds: dict[str, Bound],
    profile: str | None,
    verdicts: list[Verdict] | None,
) -> Iterator[str]:
    yield f"{plan.document.plan.id}: the document can be run"
    yield ""
    yield "The most that can be paid"
    for name, bound in bounds.items():
        yield f"  {name or 'all together'}: {say_bound(bound)}"
    for severity, heading in (
        ("error", "Errors"), ("warning", "Warnings"), ("note", "Notes"),
    ):  # fmt: skip
        chosen = [finding for finding in findings if finding.severity == severity]
        if chosen:
            yield ""
            yield heading
            for finding in chosen:
                yield f"  {finding.place}: {finding.text}"
    if verdicts is not None:
        yield ""
        yield from _legal_text(profile or "", verdicts)


def _legal_text(profile: str, verdicts: list[Verdict]) -> Iterator[str]:
    title = load_profile(profile).title
    passed = all(verdict.outcome != "failed" for verdict in verdicts)
    yield f"Rules of {title}: {'passed' if passed else 'not passed'}"
    for verdict in verdicts:
        yield f"  {verdict.outcome}: {verdict.rule.title} ({verdict.rule.source})"
        for place, why in verdict.broken:
            yield f"    {place}: {why}"


def say_bound(bound: Bound) -> str:
    """A bound as text: 27% of cv."""
    if bound.shares is None:
        return f"no bound, {bound.why}"
    said = [f"{percent(share)} of {column}" for column, share in bound.shares.items() if share]
    return " and ".join(said) or "nothing"


def _report(
    plan: Plan,
    findings: list[Finding],
    bounds: dict[str, Bound],
    profile: str | None,
    verdicts: list[Verdict] | None,
) -> dict[str, Any]:
    report: dict[str, Any] = {
        "plan": plan.document.plan.id,
        "digest": plan.digest(),
        "payout": {
            "bonuses": {name: _bound(bound) for name, bound in bounds.items() if name},
            "total": _bound(bounds[""]),
        },
        "findings": [
            {
                "severity": finding.severity,
                "code": finding.code,
                "place": finding.place,
                "text": finding.text,
            }
            for finding in findings
        ],
    }
    if verdicts is not None:
        report["profile"] = {
            "name": profile,
            "passed": all(verdict.outcome != "failed" for verdict in verdicts),
            "rules": [
                {
                    "id": verdict.rule.id,
                    "title": verdict.rule.title,
                    "source": verdict.rule.source,
                    "first": verdict.rule.first.isoformat(),
                    "until": verdict.rule.until.isoformat() if verdict.rule.until else None,
                    "required": verdict.rule.required,
                    "outcome": verdict.outcome,
                    "broken": [{"place": place, "why": why} for place, why in verdict.broken],
                }
                for verdict in verdicts
            ],
        }
    return report


def _bound(bound: Bound) -> dict[str, Any]:
    if bound.shares is None:
        return {"share": None, "why": bound.why}
    return {"share": {column: f"{share.normalize():f}" for column, share in bound.shares.items()}}
