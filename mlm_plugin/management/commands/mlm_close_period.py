"""`manage.py mlm_close_period 2026-03`: close a period and freeze its inputs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlm_plugin.commissions.periods import (
    CannotClosePeriod,
    NoPlan,
    UnknownPeriod,
    close_period,
    find_period_by_name,
)
from mlm_plugin.ledger.actions import SCHEDULE


class Command(BaseCommand):
    help = "Closes a period: the books are closed through its last day, and its inputs are frozen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="its name, as 2026-03")
        parser.add_argument("--calendar", default="", help="where two calendars know the name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = find_period_by_name(name=options["period"], calendar=options["calendar"])
            period = close_period(period_id=period.pk, actor=SCHEDULE, at=timezone.now())
        except (UnknownPeriod, NoPlan, CannotClosePeriod) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            f"{period} is closed: {period.member_count} members, {period.line_count} lines,"
            f" inputs {period.inputs_digest}"
        )
