"""`collectstatic` that cannot forget the fonts: the theme's style sheet refers to them."""

from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command


class Command(collectstatic.Command):
    def handle(self, **options: Any) -> str | None:
        """Build what is missing, then collect."""
        call_command("build_fonts", stdout=self.stdout)
        return super().handle(**options)
