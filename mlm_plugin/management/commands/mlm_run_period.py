"""`manage.py mlm_run_period 2026-03`: compute a closed period once more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlm_plugin.commissions.differences import NothingCommitted, run_difference
from mlm_plugin.commissions.periods import UnknownPeriod, find_period_by_name
from mlm_plugin.commissions.runs import NotClosed, run_period
from mlm_plugin.ledger.actions import SCHEDULE


class Command(BaseCommand):
    help = "Runs a closed period on its frozen inputs; each run is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="its name, as 2026-03")
        parser.add_argument("--calendar", default="", help="where two calendars know the name")
        parser.add_argument(
            "--difference",
            action="store_true",
            help="compute a committed period anew on what is known by now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run_it = run_difference if options["difference"] else run_period
        try:
            period = find_period_by_name(name=options["period"], calendar=options["calendar"])
            run = run_it(period_id=period.pk, actor=SCHEDULE, started_at=timezone.now())
        except (UnknownPeriod, NotClosed, NothingCommitted) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            f"run {run.number} of {period} (id {run.pk}): {run.award_count} awards to"
            f" {run.payee_count} payees, {run.total} in the smallest unit of {run.currency},"
            f" result {run.result_digest}"
        )
