"""`manage.py build_fonts`: the theme's WOFF2 files, built once and again when their recipe changes."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from theme import fonts


class Command(BaseCommand):
    help = "Cut the theme's typefaces to the letters needed and write them as WOFF2 files."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="build even what is up to date")

    def handle(self, *, force: bool, **_options: Any) -> None:
        """Do nothing, fast, when the files are there and their recipe is the same."""
        folder = Path(settings.FONT_DIR) / "theme" / "fonts"
        recipe = Path(settings.FONT_DIR) / "recipe.txt"
        cuts = [(family, cut) for family in fonts.FAMILIES.values() for cut in family.cuts]
        targets = {cut.file: folder / f"{cut.file}.woff2" for _family, cut in cuts}
        is_built = recipe.is_file() and recipe.read_text() == fonts.get_recipe()
        if is_built and not force and all(target.is_file() for target in targets.values()):
            return
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        for family, cut in cuts:
            target = targets[cut.file]
            fonts.build_font(source=cut.source, name=family.css_name, target=target)
            self.stdout.write(f"font {cut.file}: {target.stat().st_size // 1024} kB")
        recipe.write_text(fonts.get_recipe())
