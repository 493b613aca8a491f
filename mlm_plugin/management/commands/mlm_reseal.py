from typing import Any

from django.core.management.base import BaseCommand

from mlm_plugin.network.personal import reseal_all


class Command(BaseCommand):
    """After a new key was put in front of `MLM["ENCRYPTION_KEYS"]`; afterwards the old one may go."""

    help = "Seal members' tax and bank data again with the first encryption key"

    def handle(self, **options: Any) -> None:
        """Say how many were sealed."""
        self.stdout.write(f"Sealed again: {reseal_all()}")
