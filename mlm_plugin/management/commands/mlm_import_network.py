"""`manage.py mlm_import_network FILE`: members from CSV or XLSX, all of them or none."""

import time
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mlm_plugin.network.importing import ImportRefused
from mlm_plugin.network.member_files import MemberFile, RowProblem, open_member_file
from mlm_plugin.network.member_rows import KNOWN
from mlm_plugin.network.member_tables import CSV, kind_of
from mlm_plugin.volumes.opening import DayClosed, NetworkCounts, check_network, import_network

SECONDS_BETWEEN_LINES = 1.0


class Command(BaseCommand):
    help = (
        "Imports members from a CSV or XLSX file. The columns: "
        + ", ".join(KNOWN)
        + "; only member and sponsor must be there. Names line and reason of every bad row, and"
        " imports nothing then. Importing the same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--prefix",
            default="",
            help="Put before every member's number to make the code: 17 becomes DE-17.",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only look: name every error, count what would be done, write nothing.",
        )
        parser.add_argument(
            "--opens-on",
            type=date.fromisoformat,
            help="The day opening points count for, such as 2026-01-31; today without it.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        started = time.monotonic()
        try:
            with file.open("rb") as content:
                network = open_member_file(
                    file=content, kind=kind_of(file.name) or CSV, prefix=options["prefix"]
                )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        self.stdout.write(f"{len(network.rows)} rows read")
        self.last_line = time.monotonic()
        try:
            if options["dry_run"] or network.problems:
                counts = self._check(network, options["opens_on"])
            else:
                counts = import_network(
                    rows=network.rows,
                    imported_at=timezone.now(),
                    opens_on=options["opens_on"],
                    source=f"import of {file.name}",
                    progress=self._show_progress,
                )
        except ImportRefused as refused:
            self._refuse(refused.problems)
        except DayClosed as closed:
            raise CommandError(str(closed)) from closed
        done = "would be added" if options["dry_run"] else "added"
        self.stdout.write(
            self.style.SUCCESS(
                f"{counts.added} members {done}, {counts.unchanged} were there already,"
                f" {counts.deepest} levels, {counts.placed} placed, {counts.openings} opening"
                f" entries, {time.monotonic() - started:.0f} s"
            )
        )

    def _check(self, network: MemberFile, opens_on: date | None) -> NetworkCounts:
        counts, problems = check_network(
            rows=network.rows, at=timezone.now(), opens_on=opens_on, faulty=network.faulty
        )
        if network.problems or problems:
            self._refuse(sorted([*network.problems, *problems]))
        return counts

    def _show_progress(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            self.stdout.write(f"{done} of {total} members written")

    def _refuse(self, problems: list[RowProblem]) -> None:
        for problem in problems:
            self.stderr.write(f"line {problem.line}: {problem.reason}")
        raise CommandError(f"nothing imported: {len(problems)} problems")
