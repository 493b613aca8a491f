"""Visits of referral addresses, counted without a database write in the request.

A visit is one line in a buffer: a Redis hash where `REDIS_URL` is set, else a file under
`VAR_DIR/visits`, which serves one machine. The worker calls `flush` now and then: it takes the
buffer away under a new name, adds its counts up, and writes them together with that name, so that a
buffer is counted once, whatever crashes in between.
"""

import fcntl
import json
import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from mlm_plugin.conf import business_day
from mlm_plugin.network.codes import normalise_campaign
from mlm_plugin.network.models import Member
from mlm_plugin.shop.models import ReferralVisits, VisitBuffer

logger = logging.getLogger(__name__)

CURRENT = "current"
REDIS_KEY = "mlm:visits"
# How long the names of counted buffers are kept: far longer than a buffer can lie about.
REMEMBERED = timedelta(days=30)

Counts = Counter[tuple[int, str, date]]


def record_visit(*, request: HttpRequest, member_id: int, campaign: str, at: datetime) -> None:
    """Count one visit of a member's referral address; never disturbs the page."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    day = business_day(at)
    line = json.dumps([member_id, normalise_campaign(campaign), day.isoformat()])
    try:
        _append(line)
    except Exception:
        logger.warning("a referral visit was not counted", exc_info=True)


def flush(*, at: datetime) -> int:
    """Count what lies in the buffer and in buffers a crash left behind; returns the visits."""
    counted = sum(_count_buffer(name, lines, at) for name, lines in _take_buffers())
    VisitBuffer.objects.filter(counted_at__lt=at - REMEMBERED).delete()
    return counted


def _append(line: str) -> None:
    if settings.REDIS_URL:
        _redis(settings.REDIS_URL).hincrby(REDIS_KEY, line, 1)
        return
    with _buffer_lock(fcntl.LOCK_SH) as folder, (folder / CURRENT).open("a") as buffer:
        buffer.write(f"{line}\n")


def _take_buffers() -> Iterator[tuple[str, dict[str, int]]]:
    """Every buffer under a name of its own, with its lines; it is deleted once it is counted."""
    name = f"{CURRENT}-{uuid.uuid4().hex}"
    if settings.REDIS_URL:
        yield from _take_redis_buffers(name)
        return
    with _buffer_lock(fcntl.LOCK_EX) as folder:
        if (folder / CURRENT).exists():
            (folder / CURRENT).rename(folder / name)
    for buffer in sorted(folder.glob(f"{CURRENT}-*")):
        try:
            lines = Counter(buffer.read_text(errors="replace").splitlines())
        except FileNotFoundError:
            continue  # Another worker has counted it in the meantime.
        yield buffer.name, lines
        buffer.unlink(missing_ok=True)


def _take_redis_buffers(name: str) -> Iterator[tuple[str, dict[str, int]]]:
    redis = _redis(settings.REDIS_URL)
    if redis.exists(REDIS_KEY):
        # Another worker may have taken it since: then there is nothing to rename.
        redis.eval(
            "if redis.call('exists', KEYS[1]) == 1 then redis.call('rename', KEYS[1], KEYS[2]) end",
            2,
            REDIS_KEY,
            f"{REDIS_KEY}:{name}",
        )
    for key in sorted(redis.scan_iter(f"{REDIS_KEY}:{CURRENT}-*")):
        lines = {line.decode(): int(number) for line, number in redis.hgetall(key).items()}
        yield key.decode().removeprefix(f"{REDIS_KEY}:"), lines
        redis.delete(key)


def _count_buffer(name: str, lines: dict[str, int], at: datetime) -> int:
    counts = _add_up(lines)
    with transaction.atomic():
        _buffer, is_new = VisitBuffer.objects.get_or_create(name=name, defaults={"counted_at": at})
        if not is_new:
            return 0
        alive = _existing_members({member_id for member_id, _campaign, _day in counts})
        rows = [
            (member_id, campaign, day, number)
            for (member_id, campaign, day), number in sorted(counts.items())
            if member_id in alive
        ]
        _add(rows)
    return sum(row[3] for row in rows)


def _add_up(lines: dict[str, int]) -> Counts:
    """A line that a crash cut short is no visit."""
    counts: Counts = Counter()
    for line, number in lines.items():
        try:
            member_id, campaign, day = json.loads(line)
            counts[int(member_id), str(campaign)[:64], date.fromisoformat(day)] += number
        except (TypeError, ValueError):
            logger.warning("unreadable visit skipped: %.80r", line)
    return counts


def _existing_members(member_ids: Iterable[int]) -> set[int]:
    ordered, alive = sorted(member_ids), set[int]()
    for start in range(0, len(ordered), 5_000):
        chunk = ordered[start : start + 5_000]
        alive.update(Member.objects.order_by().filter(pk__in=chunk).values_list("pk", flat=True))
    return alive


def _add(rows: list[tuple[int, str, date, int]]) -> None:
    """Both databases add to a row that is there already, in the order of the key."""
    table = ReferralVisits._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (member_id, campaign, day, visits)"  # noqa: S608
            f" VALUES (%s, %s, %s, %s)"
            f" ON CONFLICT (member_id, campaign, day)"
            f" DO UPDATE SET visits = {table}.visits + excluded.visits",
            rows,
        )


@contextmanager
def _buffer_lock(mode: int) -> Iterator[Path]:
    """Writers share the buffer; taking it away waits until every line under way is written."""
    folder = Path(settings.VAR_DIR) / "visits"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, mode)
        yield folder


@cache
def _redis(url: str) -> Any:
    import redis

    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
