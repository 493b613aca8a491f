"""Brings the database up to date and fills an empty one with the demo company."""

import gc
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def main() -> None:
    """Migrate, then fill; every step says what it does."""
    started = time.monotonic()
    start_over_if_interrupted()
    django.setup()
    _build_fonts()
    _migrate()
    _fill()
    print(f"The database is ready ({time.monotonic() - started:.0f} s).", flush=True)


def _build_fonts() -> None:
    """Cut the theme's typefaces; `collectstatic` does it where static files are collected."""
    from django.core.management import call_command

    call_command("build_fonts")


def start_over_if_interrupted() -> None:
    """A fill that was cut short left half a company behind; only our own file is thrown away."""
    interrupted = _sign_of_filling()
    if not interrupted.exists():
        return
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        print("The last first start was interrupted: starting over.", flush=True)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)
    interrupted.unlink()


def _sign_of_filling() -> Path:
    return Path(settings.VAR_DIR) / "demo-is-being-filled"


def _migrate() -> None:
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    done = 0

    class CountingCommand(Command):
        def migration_progress_callback(
            self, action: str, migration: Any = None, fake: bool = False
        ) -> None:
            nonlocal done
            if action == "apply_success":
                done += 1
                if done % 50 == 0 or done == waiting:
                    print(f"  {done} of {waiting} migrations", flush=True)

    if waiting:
        print("Setting up the database ...", flush=True)
        look_for_garbage_less_often()
        call_command(CountingCommand(), verbosity=0, interactive=False)


def look_for_garbage_less_often() -> None:
    """Migrating makes models by the ten thousand, most of which stay: looking through them again
    and again is a sixth of its time.
    """
    gc.set_threshold(100_000, 50, 50)


def _fill() -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands
    from oscar.core.loading import get_model

    models = (get_user_model(), get_model("catalogue", "Product"))
    is_filled = any(model.objects.exists() for model in models)
    if is_filled or "demo_fill" not in get_commands():
        return
    print("Filling the demo company ...", flush=True)
    filling = _sign_of_filling()
    filling.touch()
    call_command("demo_fill")
    filling.unlink()


if __name__ == "__main__":
    sys.exit(main())
