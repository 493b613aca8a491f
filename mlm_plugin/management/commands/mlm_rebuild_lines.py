"""`manage.py mlm_rebuild_lines`: the placement tree's lines anew from parents and slots."""

from typing import Any

from django.core.management.base import BaseCommand

from mlm_plugin.network.laying_lines import rebuild_lines


class Command(BaseCommand):
    help = (
        "Writes heads, steps and ends of the placement tree's lines anew; needed after the width of"
        " the tree was changed in the settings, or when mlm_reconcile names lines."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        changed = rebuild_lines()
        self.stdout.write(self.style.SUCCESS(f"{changed} places corrected"))
