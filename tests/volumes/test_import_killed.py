"""Imports and other people at the same time, and a process killed in the middle of an import."""

import os
import signal
import subprocess
import sys
import threading
from functools import partial

import pytest
from django.db import connection, transaction

from mlm_plugin.ledger.models import Entry
from mlm_plugin.network.importing import ImportRefused
from mlm_plugin.network.member_files import read_member_file
from mlm_plugin.network.models import Member, Placement, PlacementEdge, SponsorEdge
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import join_member
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.opening import import_network
from mlm_plugin.volumes.rebuilding import find_differences
from tests.factories import make_member
from tests.racing import run_together
from tests.volumes.orders import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
SIZE = 6_000
TABLES = (Member, SponsorEdge, Placement, PlacementEdge, Entry, PeriodTotal)
IMPORT_AND_STOP = """
import sys
from datetime import datetime
import django
django.setup()
from django.conf import settings
settings.MLM = {{**settings.MLM, "PLACEMENT": {{"tree": "binary"}}}}
from mlm_plugin.network.member_files import read_member_file
from mlm_plugin.volumes import opening
from tests.volumes.test_import_killed import network_lines

def stop(done, total):
    if {after_members} or done == {stop_at}:
        print("in the middle", flush=True)
        sys.stdin.read()

post = opening._post
if {after_members}:
    opening._post = lambda *args, **options: (post(*args, **options), stop(0, 0))
rows = read_member_file(lines=network_lines()).rows
opening.import_network(
    rows=rows,
    imported_at=datetime.fromisoformat("{at}"),
    progress=(lambda done, total: None) if {after_members} else stop,
)
"""


def network_lines():
    """A binary tree where every member brings a point along."""
    lines = [b"member,sponsor,parent,slot,opening_pv\n", b"1,,,top,1\n"]
    return lines + [
        f"{number},{number // 3 or 1},{number // 2},{1 + number % 2},1\n".encode()
        for number in range(2, SIZE + 1)
    ]


def is_sound():
    assert find_problems() == find_placement_problems() == []
    assert find_differences() == []
    return True


@pytest.mark.parametrize("after_members", [False, True], ids=["members", "points"])
def test_a_process_killed_in_the_middle_leaves_nothing(settings, after_members):
    settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": "binary"}}
    script = IMPORT_AND_STOP.format(after_members=after_members, stop_at=5_000, at=NOON.isoformat())
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ,
        text=True,
    )
    watchdog = threading.Timer(120, child.kill)
    try:
        watchdog.start()
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    finally:
        watchdog.cancel()
        child.kill()
        child.stdout.close()
        child.stdin.close()
    # The lock goes with the killed process's connection, so that this waits for its end.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7202)")
    assert [model.objects.count() for model in TABLES] == [0] * len(TABLES)

    rows = read_member_file(lines=network_lines()).rows
    assert import_network(rows=rows, imported_at=NOON).added == SIZE
    assert is_sound()


def test_two_imports_and_joins_at_once_add_everybody_once():
    ada = make_member("ada")
    lines = [b"member,sponsor,opening_pv\n"]
    lines += [f"i{number},{'ada' if number % 2 else f'i{number - 1}'},1\n".encode()
              for number in range(1, 101)]  # fmt: skip
    rows = read_member_file(lines=lines).rows
    importing = partial(import_network, rows=rows, imported_at=NOON)
    joins = [
        partial(join_member, sponsor_id=ada.pk, joined_at=NOON, code=f"m{number}")
        for number in range(8)
    ]
    answers = run_together([importing, importing, *joins])
    assert sorted(answer.added for answer in answers[:2]) == [0, 100]
    assert all(isinstance(answer, Member) for answer in answers[2:])
    assert Entry.objects.count() == 100
    assert is_sound()


def test_files_that_contradict_each_other_do_not_both_go_in():
    make_member("ada")
    make_member("ben")
    files = [read_member_file(lines=[b"member,sponsor\n", f"cleo,{name}\n".encode()]).rows
             for name in ("ada", "ben")]  # fmt: skip
    answers = run_together([partial(import_network, rows=rows, imported_at=NOON) for rows in files])
    assert sorted(isinstance(answer, ImportRefused) for answer in answers) == [False, True]
    assert is_sound()
