"""Jobs of the worker: checking uploaded files of members, importing them, removing them."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task


@task()
def check_upload(*, import_id: int) -> None:
    """The dry run of a file."""
    from mlm_plugin.volumes import network_imports

    network_imports.check_upload(import_id=import_id, at=timezone.now())


@task()
def run_import(*, import_id: int) -> None:
    """Import a file that was confirmed."""
    from mlm_plugin.volumes import network_imports

    network_imports.run_import(import_id=import_id, at=timezone.now())


def look_after_imports(*, at: datetime) -> None:
    """Say of imports whose process ended that they broke off, and remove old files; `PERIODIC`."""
    from mlm_plugin.volumes import network_imports

    network_imports.find_broken_off(at=at)
    network_imports.remove_files(at=at)
