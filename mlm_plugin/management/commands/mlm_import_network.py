"""`manage.py mlm_import_network FILE`: members from CSV, all of them or none."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mlm_plugin.network.importing import ImportRefused, import_members
from mlm_plugin.network.member_files import RowProblem, read_member_file

SECONDS_BETWEEN_LINES = 1.0


class Command(BaseCommand):
    help = (
        "Imports members from a CSV file with the columns member and sponsor, and optionally scheme,"
        " first_name, last_name, status, joined and pv. Names line and reason of every bad row, and"
        " imports nothing then. Importing the same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--prefix",
            default="",
            help="Put before every member's number to make the code: 17 becomes DE-17.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        started = time.monotonic()
        try:
            with file.open("rb") as lines:
                network = read_member_file(lines=lines, prefix=options["prefix"])
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        if network.problems:
            self._refuse(network.problems)
        self.stdout.write(f"{len(network.rows)} rows read")
        self.last_line = time.monotonic()
        try:
            result = import_members(
                rows=network.rows,
                joined_at=timezone.now(),
                progress=self._show_progress,
            )
        except ImportRefused as refused:
            self._refuse(refused.problems)
        self.stdout.write(
            self.style.SUCCESS(
                f"{result.added} members added, {result.unchanged} were there already,"
                f" {result.deepest} levels, {time.monotonic() - started:.0f} s"
            )
        )

    def _show_progress(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            self.stdout.write(f"{done} of {total} members written")

    def _refuse(self, problems: list[RowProblem]) -> None:
        for problem in problems:
            self.stderr.write(f"line {problem.line}: {problem.reason}")
        raise CommandError(f"nothing imported: {len(problems)} problems")
