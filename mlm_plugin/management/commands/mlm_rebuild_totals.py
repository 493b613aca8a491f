"""`manage.py mlm_rebuild_totals`: write the totals of the open periods anew from the books."""

from typing import Any

from django.core.management.base import BaseCommand

from mlm_plugin.volumes.rebuilding import rebuild_totals


class Command(BaseCommand):
    help = "Rebuilds the totals of all open periods from the books; closed periods stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_totals()} totals written")
