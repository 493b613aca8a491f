"""`manage.py demo_fill`: the demo company, in an empty development installation."""

import logging
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.demo.company import NotEmpty, fill


class Command(BaseCommand):
    help = "Fills an empty installation with the demo company; does nothing when it is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            type=datetime.fromisoformat,
            help="the moment the three months of orders lead up to, as 2026-03-02T12:00 (now)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo company's passwords are public: it is for development only."
            )
        at = options["at"] or timezone.now().replace(second=0, microsecond=0)
        if timezone.is_naive(at):
            at = timezone.make_aware(at)
        started = time.monotonic()
        try:
            # Wagtail and Oscar report every page and stock record at this level.
            logging.disable(logging.INFO)
            filled = fill(at=at, say=self._say)
        except NotEmpty:
            raise CommandError(
                "Other data is here already: the demo needs an empty shop."
            ) from None
        finally:
            logging.disable(logging.NOTSET)
        if filled:
            self._say(f"The demo company is there ({time.monotonic() - started:.0f} s).")
        else:
            self._say("The demo company is there already.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
