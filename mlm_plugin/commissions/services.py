"""Writes of runs that are computed: locked by a second person, released, committed to wallets."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from mlm_plugin.commissions import locks
from mlm_plugin.commissions.differences import Outdated, latest_committed, take_up
from mlm_plugin.commissions.forgiving import forgiven_entries
from mlm_plugin.commissions.models import Award, Period, Run, SettledLine
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.ledger.models import COMPANY, Account
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.network.bulk_writing import chunks

HELD, RELEASED = "held", "released"


class CannotLock(ValueError):
    """The run cannot be locked; the text says why."""


class CannotCommit(ValueError):
    """The run cannot be committed; the text says why."""


def lock_run(*, run_id: int, actor: Actor, at: datetime) -> Run:
    """Choose the run that will be paid; a second person does so. Locking twice changes nothing.

    Raises CannotLock for one's own run, where another run of the period is locked, and for a
    difference against what is not the latest any more.
    """
    assert actor.user_id is not None, "a run is locked by a person"
    with transaction.atomic():
        run = Run.objects.select_related("period").get(pk=run_id)
        # One row for all runs of the period: of two that are locked at once, the second is told.
        Period.objects.select_for_update().get(pk=run.period_id)
        run.refresh_from_db(fields=["state", "locked_by"])
        if run.state != Run.State.COMPUTED:
            return run
        if run.author_id == actor.user_id:
            raise CannotLock(_("Nobody locks the own run: ask a second person."))
        others = Run.objects.filter(
            period_id=run.period_id, state__in=[Run.State.LOCKED, Run.State.COMMITTED]
        )
        if run.kind == Run.Kind.DIFFERENCE:
            latest = latest_committed(period_id=run.period_id)
            if latest is None or latest.pk != run.compared_with_id:
                raise CannotLock(
                    _("Another difference was committed meanwhile; compute this one again.")
                )
            others = others.filter(state=Run.State.LOCKED)
        other = others.first()
        if other is not None:
            raise CannotLock(
                _("Run %(number)s of %(period)s is locked already.")
                % {"number": other.number, "period": run.period.name}
            )
        run.state = Run.State.LOCKED
        run.locked_by_id = actor.user_id
        run.locked_at = at
        run.save(update_fields=["state", "locked_by", "locked_at"])
        _record(run, "run.lock", actor, at, before=Run.State.COMPUTED)
    return run


def release_run(*, run_id: int, actor: Actor, at: datetime) -> Run:
    """Take the lock off a run that is not committed, so that another one can be chosen.

    Raises CannotLock for a committed run.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == Run.State.COMMITTED:
            raise CannotLock(_("A committed run stays as it is: correct by adding."))
        if run.state == Run.State.COMPUTED:
            return run
        run.state = Run.State.COMPUTED
        run.locked_by = None
        run.locked_at = None
        run.save(update_fields=["state", "locked_by", "locked_at"])
        _record(run, "run.release", actor, at, before=Run.State.LOCKED)
    return run


def commit_run(*, run_id: int, actor: Actor, at: datetime) -> int:
    """Post the awards of a locked run to wallets; returns how many entries were written.

    One entry per payee and bonus, balanced against the company's commissions, and one per payee for
    what is held or released, and for what is forgiven; its key names period, bonus and payee, so that
    no two runs of a period can both be paid. All or nothing. The run's row is locked from the look at
    its state on: a second commit waits, sees it committed and returns 0. A difference run posts what
    differs, under keys that name its number too, and takes its corrections up. Raises CannotCommit for
    a run that is not locked, and for a difference that is outdated.
    """
    with transaction.atomic():
        if Run.objects.filter(pk=run_id, kind=Run.Kind.DIFFERENCE).exists():
            # No period is closed between the look at what is taken up and the commit.
            locks.hold_plans()
        run = (
            Run.objects.select_for_update(of=("self",))
            .select_related("period", "plan_version")
            .get(pk=run_id)
        )
        if run.state == Run.State.COMMITTED:
            return 0
        if run.state != Run.State.LOCKED:
            raise CannotCommit(_("A run is locked by a second person before it is committed."))
        if run.kind == Run.Kind.DIFFERENCE:
            try:
                take_up(run=run)
            except Outdated as outdated:
                raise CannotCommit(str(outdated)) from outdated
        written = 0
        for batch in chunks(_entries_of(run, actor, at)):
            written += len(post_entries(entries=batch))
        run.state = Run.State.COMMITTED
        run.committed_by_id = actor.user_id
        run.committed_at = at
        run.save(update_fields=["state", "committed_by", "committed_at"])
        _record(run, "run.commit", actor, at, before=Run.State.LOCKED, entries=written)
    return written


def entry_prefix(*, run: Run, what: str = "commission") -> str:
    """How the keys of a run's entries begin: its period and, of a difference, its number.

    `what` is "commission", with bonus and payee behind it, or "hold", with the payee.
    """
    if run.kind == Run.Kind.DIFFERENCE:
        return f"difference-{what}:{run.period_id}:{run.number}:"
    return f"{what}:{run.period_id}:"


def _record(
    run: Run, name: str, actor: Actor, at: datetime, *, before: str, entries: int | None = None
) -> None:
    after: dict[str, object] = {"state": str(run.state)}
    if entries is not None:
        after |= {"entries": entries, "total": run.total, "result_digest": run.result_digest}
    record_action(
        actor=actor,
        at=at,
        name=name,
        subject=f"run:{run.pk}",
        before={"state": str(before)},
        after=after,
    )


def _entries_of(run: Run, actor: Actor, at: datetime) -> Iterator[NewEntry]:
    """The entries a run is paid by, in one order."""
    author_id = actor.user_id
    commission, hold = entry_prefix(run=run), entry_prefix(run=run, what="hold")
    sums = (
        Award.objects.filter(run=run)
        .values_list("payee_id", "bonus")
        .annotate(total=Sum("amount"))
        .order_by("payee_id", "bonus")
    )
    for payee, bonus, total in sums.iterator():
        if total:
            yield NewEntry(
                key=f"{commission}{bonus}:{payee}",
                happened_at=at,
                postings=(
                    NewPosting(payee, Account.Kind.WALLET, run.currency, total),
                    NewPosting(COMPANY, Account.Kind.COMMISSIONS, run.currency, -total),
                ),
                author_id=author_id,
            )
    held = (
        SettledLine.objects.filter(run=run, name__in=[HELD, RELEASED])
        .values_list("payee_id")
        .annotate(total=Sum("amount"))
        .order_by("payee_id")
    )
    for payee, total in held:
        if total:
            yield NewEntry(
                key=f"{hold}{payee}",
                happened_at=at,
                postings=(
                    NewPosting(payee, Account.Kind.WALLET, run.currency, total),
                    NewPosting(payee, Account.Kind.HELD, run.currency, -total),
                ),
                author_id=author_id,
            )
    yield from forgiven_entries(run=run, author_id=author_id, at=at)
