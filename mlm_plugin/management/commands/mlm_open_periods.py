"""`manage.py mlm_open_periods`: open the periods of the days to come."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlm_plugin.commissions.periods import CannotOpen, NoPlan, open_periods
from mlm_plugin.conf import business_day, get_setting
from mlm_plugin.ledger.actions import SCHEDULE


class Command(BaseCommand):
    help = "Opens every period, of each calendar of the approved plans, that is not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--through",
            type=date.fromisoformat,
            help="open those that begin by this day, as 2026-12-31 (MLM['OPEN_PERIODS_DAYS_AHEAD'])",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        ahead = timedelta(days=get_setting("OPEN_PERIODS_DAYS_AHEAD"))
        through = options["through"] or business_day(now) + ahead
        try:
            opened = open_periods(through=through, actor=SCHEDULE, at=now)
        except (NoPlan, CannotOpen) as reason:
            raise CommandError(str(reason)) from reason
        for period in opened:
            self.stdout.write(f"{period}: {period.first} to {period.last}")
        self.stdout.write(f"{len(opened)} opened.")
