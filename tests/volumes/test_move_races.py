"""Decisions, joins and orders at the same time as a move, and a process killed in the middle of one."""

import os
import signal
import subprocess
import sys
import threading
from functools import partial

import pytest
from django.db import connection, transaction

from mlm_plugin.network.models import Member, Move, SponsorEdge
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import join_member
from mlm_plugin.volumes.moving import (
    AlreadyDecided,
    MoveRefused,
    approve_move,
    carry_out_due,
    withdraw_move,
)
from mlm_plugin.volumes.rebuilding import find_differences
from mlm_plugin.volumes.services import credit_orders
from mlm_plugin.volumes.terminating import terminate_member
from tests.factories import JOINED, make_user
from tests.racing import run_together
from tests.volumes.moves import propose, set_scene
from tests.volumes.orders import NOON, order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def approve_as(move, person):
    return partial(approve_move, move_id=move.pk, decided_by_id=person.pk, decided_at=NOON)


def is_sound():
    assert find_problems() == find_differences() == []
    return True


def test_two_approvals_at_once_are_one_move():
    scene = set_scene()
    move = propose(scene)
    answers = run_together([approve_as(move, person) for person in (scene.fritz, make_user("gus"))])
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDecided", "Move"]
    assert SponsorEdge.objects.filter(member=scene.cleo).count() == 2
    assert is_sound()


def test_approval_and_withdrawal_at_once_end_in_one_of_both():
    scene = set_scene()
    move = propose(scene)
    withdraw = partial(
        withdraw_move, move_id=move.pk, withdrawn_by_id=scene.olga.pk, withdrawn_at=NOON
    )
    answers = run_together([approve_as(move, scene.fritz), withdraw])
    assert sum(isinstance(answer, AlreadyDecided) for answer in answers) == 1, answers
    move.refresh_from_db()
    moved = Member.objects.get(code="CLEO").sponsor == scene.eva
    assert moved == (move.state == "carried_out")
    assert is_sound()


def test_a_form_sent_eight_times_at_once_proposes_once():
    scene = set_scene()
    answers = run_together([partial(propose, scene)] * 8)
    assert {answer.pk for answer in answers} == {Move.objects.get().pk}


def test_two_proposals_for_one_member_at_once_leave_one():
    scene = set_scene()
    answers = run_together([partial(propose, scene, key=f"key-{number}") for number in range(4)])
    assert sum(isinstance(answer, MoveRefused) for answer in answers) == 3, answers
    assert Move.objects.count() == 1


def test_two_workers_carry_out_one_move():
    scene = set_scene()
    move = propose(scene)
    Move.objects.filter(pk=move.pk).update(
        state="approved", decided_by=scene.fritz, decided_at=NOON
    )
    assert sorted(run_together([partial(carry_out_due, at=NOON)] * 2)) == [0, 1]
    assert is_sound()


def test_a_move_is_approved_while_others_join_and_buy_below():
    scene = set_scene()
    move = propose(scene)
    joins = [
        partial(join_member, sponsor_id=sponsor.pk, joined_at=JOINED, code=f"N{number}")
        for number, sponsor in enumerate([scene.dora, scene.cleo, scene.eva] * 6)
    ]
    orders = [partial(credit_orders, facts=[order_of(scene.dora)]) for _number in range(8)]
    answers = run_together([*joins, approve_as(move, scene.fritz), *orders])
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    move.refresh_from_db()
    assert move.state == "carried_out"
    assert Member.objects.filter(path__startswith=Member.objects.get(code="EVA").path).count() == 21
    assert is_sound()


def test_a_membership_ends_while_others_join_below(settings):
    settings.MLM = {**settings.MLM, "TERMINATION": "roll_up"}
    scene = set_scene()
    end = partial(
        terminate_member,
        member_id=scene.cleo.pk,
        reason="Asked for it",
        author_id=scene.olga.pk,
        terminated_at=NOON,
    )
    joins = [
        partial(join_member, sponsor_id=scene.cleo.pk, joined_at=JOINED, code=f"N{number}")
        for number in range(12)
    ]
    run_together([*joins, end])
    # Who came before came along; who came after was refused.
    assert Member.objects.get(code="CLEO").numchild == 0
    assert is_sound()


MOVE_AND_STOP = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from mlm_plugin.network import history
from mlm_plugin.volumes import moving, rebuilding

def stop(**arguments):
    print("in the middle", flush=True)
    signal.pause()

setattr({module}, {name!r}, stop)
moving.approve_move(
    move_id={move}, decided_by_id={person}, decided_at=datetime.fromisoformat({at!r})
)
"""


@pytest.mark.parametrize(
    ("module", "name"), [("history", "change_sponsor"), ("rebuilding", "add_to_totals")]
)
def test_a_process_killed_in_the_middle_of_a_move_leaves_nothing_half_done(module, name):
    """Killed after the paths were rewritten, or after the history was, before the totals followed."""
    scene = set_scene()
    move = propose(scene)
    before = list(Member.objects.order_by("pk").values_list("path", "sponsor_id"))
    script = MOVE_AND_STOP.format(
        module=module, name=name, move=move.pk, person=scene.fritz.pk, at=NOON.isoformat()
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=os.environ, text=True
    )
    try:
        watchdog = threading.Timer(60, child.kill)
        watchdog.start()
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    finally:
        watchdog.cancel()
        child.kill()
        child.stdout.close()
    # The lock goes with the killed process's connection, so that this waits for its end.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7202)")
    assert list(Member.objects.order_by("pk").values_list("path", "sponsor_id")) == before
    move.refresh_from_db()
    assert move.state == "proposed"
    assert is_sound()
    assert approve_as(move, scene.fritz)().state == "carried_out"
    assert is_sound()
