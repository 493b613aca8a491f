"""`manage.py mlm_commit_run 12`: post a locked run to wallets."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlm_plugin.commissions.models import Run
from mlm_plugin.commissions.services import CannotCommit, commit_run
from mlm_plugin.ledger.actions import SCHEDULE


class Command(BaseCommand):
    help = "Posts the awards of a locked run to wallets, each once; repeated, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="the id that mlm_run_period has written")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = commit_run(run_id=options["run"], actor=SCHEDULE, at=timezone.now())
        except Run.DoesNotExist:
            raise CommandError(f"There is no run {options['run']}.") from None
        except CannotCommit as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"{written} entries posted.")
