"""Migrates the database of `DATABASE_URL`: `others` stops before our own apps, `all` does all."""

import sys

import django

from storefront.run.prepare import look_for_garbage_less_often


def main(which: str) -> None:
    look_for_garbage_less_often()
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from tests.databases import OURS

    if which == "others":
        executor = MigrationExecutor(connection)
        migrations = executor.loader.graph.nodes
        executor.migrate(
            [
                leaf
                for leaf in executor.loader.graph.leaf_nodes()
                if not migrations[leaf].__module__.startswith(OURS)
            ]
        )
    else:
        call_command("migrate", verbosity=0, interactive=False)
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
