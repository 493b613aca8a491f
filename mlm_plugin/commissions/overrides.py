"""Overrides: a rank, status or amount for a member in a period, by one person, approved by another.

They enter the inputs of a run as columns of the members, so that the frozen file of the run says all of
it: `forced_rank` and `forced_reason`, which the engine knows, `status`, and `adjustment`, which it
leaves alone: that is paid as an award of its own name beside the engine's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Period, PlanVersion
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.periods import find_version
from mlm_plugin.conf import business_day
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.network.models import Member
from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.snapshot import Snapshot

# The bonus by which an adjusted amount is paid, and its columns of the members.
ADJUSTMENT, ADJUSTMENT_REASON = "adjustment", "adjustment_reason"
LONGEST_REASON = 500
LARGEST = 10**12


class CannotOverride(ValueError):
    """The override cannot be proposed or decided like that; the text says why."""


@dataclass(frozen=True)
class Approved:
    """An approved override as the inputs take it; `amount` in the smallest unit."""

    member: str
    kind: str
    value: str
    amount: int
    reason: str


def propose_override(
    *,
    key: UUID,
    period_id: int,
    member_id: int,
    kind: str,
    value: str = "",
    amount: int = 0,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Override:
    """Propose a rank, a status or an amount (smallest unit) for a member; a second person decides.

    An empty `value` takes an earlier override of this kind back. Proposed again under the same key it
    is there once. Raises CannotOverride, which says what would be right.
    """
    assert actor.user_id is not None, "the schedule proposes nothing"
    period = Period.objects.get(pk=period_id)
    member = Member.objects.get(pk=member_id)
    _check(period, member, kind=kind, value=value, amount=amount, reason=reason)
    with transaction.atomic():
        # One proposal after the other, so that of two with one key the second finds the first.
        Period.objects.select_for_update().get(pk=period_id)
        there = Override.objects.filter(key=key).first()
        if there is not None:
            return there
        override = Override.objects.create(
            key=key,
            period=period,
            member=member,
            kind=kind,
            value=value,
            amount=amount,
            reason=reason.strip(),
            proposed_by_id=actor.user_id,
            proposed_at=at,
        )
        record_action(
            actor=actor,
            at=at,
            name="override.propose",
            subject=f"override:{override.pk}",
            reason=override.reason,
            after=_described(override),
        )
    return override


def decide_override(
    *, override_id: int, is_approved: bool, actor: Actor, at: datetime, note: str = ""
) -> Override:
    """Approve or decline what somebody else proposed; decided alike twice changes nothing.

    Raises CannotOverride for one's own proposal and for one that was decided otherwise.
    """
    state = Override.State.APPROVED if is_approved else Override.State.DECLINED
    with transaction.atomic():
        override = Override.objects.select_for_update().get(pk=override_id)
        if override.state == state:
            return override
        if override.state != Override.State.PROPOSED:
            raise CannotOverride(_("The override is decided already."))
        if override.proposed_by_id == actor.user_id:
            raise CannotOverride(_("Nobody approves the own override: ask a second person."))
        return _change(override, state, actor, at, note=note)


def withdraw_override(*, override_id: int, actor: Actor, at: datetime) -> Override:
    """Take back the own proposal while nobody has decided. Raises CannotOverride."""
    with transaction.atomic():
        override = Override.objects.select_for_update().get(pk=override_id)
        if override.state == Override.State.WITHDRAWN:
            return override
        if override.state != Override.State.PROPOSED:
            raise CannotOverride(
                _("The override is decided already; propose another one that puts it right.")
            )
        if override.proposed_by_id != actor.user_id:
            raise CannotOverride(_("Only who proposed it withdraws it; you may decline it."))
        return _change(override, Override.State.WITHDRAWN, actor, at)


def approved_overrides(*, period_id: int) -> list[Approved]:
    """What was approved for a period, in the order of the decisions."""
    rows = (
        Override.objects.filter(period_id=period_id, state=Override.State.APPROVED)
        .order_by("decided_at", "pk")
        .values_list("member__code", "kind", "value", "amount", "reason")
    )
    return [Approved(*row) for row in rows]


def ranks_of(plan: Plan) -> list[str]:
    """The ranks that can be given: those of ladders that let ranks be given, lowest first."""
    ladders = plan.document.ladders.values()
    return [rank.name for ladder in ladders if ladder.forced for rank in ladder.ranks]


def version_of(*, period: Period) -> PlanVersion:
    """The plan version a period is or would be computed by. Raises NoPlan."""
    return period.plan_version or find_version(day=period.first)


def apply_overrides(*, snapshot: Snapshot, overrides: Sequence[Approved], places: int) -> Snapshot:
    """The inputs with what was approved in them, as columns of the members."""
    row_of = {str(name): row for row, name in enumerate(snapshot.positions.ids)}
    ranks, reasons, statuses = dict[int, str](), dict[int, str](), dict[int, str]()
    amounts, whys = dict[int, int](), dict[int, list[str]]()
    for each in overrides:
        row = row_of.get(each.member)
        # Whoever joined later has no place in this period.
        if row is None:
            continue
        if each.kind == Override.Kind.RANK:
            ranks[row], reasons[row] = each.value, each.reason if each.value else ""
        elif each.kind == Override.Kind.STATUS:
            statuses[row] = each.value
        else:
            amounts[row] = amounts.get(row, 0) + each.amount
            whys.setdefault(row, []).append(each.reason)
    money = {row: f"{from_minor(amount, places=places):f}" for row, amount in amounts.items()}
    columns: dict[str, Value] = dict(snapshot.positions.columns)
    for name, values in (
        ("forced_rank", ranks),
        ("forced_reason", reasons),
        ("status", {row: text for row, text in statuses.items() if text}),
        (ADJUSTMENT, {row: text for row, text in money.items() if amounts[row]}),
        (ADJUSTMENT_REASON, {row: "; ".join(whys[row]) for row in whys if amounts[row]}),
    ):
        if values:
            columns[name] = _with_words(columns.get(name), values, snapshot.positions.size)
    return replace(snapshot, positions=replace(snapshot.positions, columns=columns))


def adjustments_in(*, snapshot: Snapshot) -> list[tuple[str, ...]]:
    """The amounts by hand in frozen inputs, as rows of awards.csv."""
    columns = snapshot.positions.columns
    amounts, whys = columns.get(ADJUSTMENT), columns.get(ADJUSTMENT_REASON)
    if not isinstance(amounts, Words) or not isinstance(whys, Words):
        return []
    rows: list[tuple[str, ...]] = []
    for row, code in enumerate(amounts.codes.tolist()):
        amount = amounts.words[code]
        if amount:
            member = str(snapshot.positions.ids[row])
            reason = f"adjusted:{whys.words[int(whys.codes[row])]}"
            rows.append((member, ADJUSTMENT, member, "", "", "0", amount, "1", amount, reason))
    return rows


def _with_words(column: Value | None, values: dict[int, str], size: int) -> Words:
    """A column of texts in which some rows say something else."""
    if isinstance(column, Words):
        words, codes = list(column.words), np.array(column.codes, dtype=np.int64)
    else:
        words, codes = [""], np.zeros(size, dtype=np.int64)
    for row, text in sorted(values.items()):
        if text not in words:
            words.append(text)
        codes[row] = words.index(text)
    return Words(codes, tuple(words))


def _check(
    period: Period, member: Member, *, kind: str, value: str, amount: int, reason: str
) -> None:
    if not reason.strip():
        raise CannotOverride(_("An override needs a reason."))
    if len(reason) > LONGEST_REASON:
        raise CannotOverride(_("A reason has at most %d letters.") % LONGEST_REASON)
    if business_day(member.joined_at) > period.last:
        raise CannotOverride(
            _("%(member)s joined after %(day)s and has no part in this period.")
            % {"member": member.code, "day": period.last.isoformat()}
        )
    plan = load_plan(version_of(period=period).document)
    if kind == Override.Kind.AMOUNT:
        if not amount or value:
            raise CannotOverride(_("An amount is needed, above or below zero."))
        if abs(amount) > LARGEST:
            raise CannotOverride(_("The amount is too large."))
        if ADJUSTMENT in plan.document.bonuses:
            raise CannotOverride(
                _("The plan has a bonus named “%s” of its own, so nothing can be adjusted by hand.")
                % ADJUSTMENT
            )
        return
    known: Iterable[str] = Member.Status.values if kind == Override.Kind.STATUS else ranks_of(plan)
    if amount or (value and value not in known):
        raise CannotOverride(
            _("“%(value)s” is not among: %(known)s.")
            % {"value": value, "known": ", ".join(known) or _("nothing that can be given")}
        )


def _change(
    override: Override, state: str, actor: Actor, at: datetime, *, note: str = ""
) -> Override:
    before = override.state
    override.state = state
    if state != Override.State.WITHDRAWN:
        override.decided_by_id = actor.user_id
        override.decided_at = at
    override.save(update_fields=["state", "decided_by", "decided_at"])
    verbs = {
        Override.State.APPROVED: "override.approve",
        Override.State.DECLINED: "override.decline",
        Override.State.WITHDRAWN: "override.withdraw",
    }
    record_action(
        actor=actor,
        at=at,
        name=verbs[Override.State(state)],
        subject=f"override:{override.pk}",
        reason=note,
        before={"state": before},
        after={"state": str(state)},
    )
    return override


def _described(override: Override) -> dict[str, object]:
    return {
        "period": str(override.period),
        "member": override.member.code,
        "kind": str(override.kind),
        "value": override.value,
        "amount": override.amount,
    }
