"""Files of members on their way: uploaded, columns matched, checked, confirmed, imported; all kept.

Checking and importing run in the background. Each step asks what the state was, so that a form sent
twice, or two workers, do it once.
"""

import csv
import hashlib
import io
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mlm_plugin.conf import get_setting
from mlm_plugin.network.importing import ImportRefused
from mlm_plugin.network.member_files import MemberFile, Progress, open_member_file
from mlm_plugin.network.member_rows import check_columns
from mlm_plugin.network.member_tables import RowProblem, Unreadable, kind_of, read_table
from mlm_plugin.network.models import ColumnMapping, NetworkImport
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.volumes import import_tasks
from mlm_plugin.volumes.import_progress import telling
from mlm_plugin.volumes.import_selectors import (
    heading_digest,
    problems_path,
    suggest_columns,
)
from mlm_plugin.volumes.opening import DayClosed, NetworkCounts, check_network, import_network

STATE = NetworkImport.State
SHOWN_PROBLEMS = 200
SAMPLE_ROWS = 3
MOST_COLUMNS = 100
LONGEST_CELL = 60
# Whoever has not said a word for so long is not at work any more.
SILENCE = timedelta(minutes=15)


class NoTable(ValueError):
    """The file cannot be read as a table of members; the text says why."""


class WrongColumns(ValueError):
    """The columns cannot be matched this way; `reasons` say why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class WrongState(ValueError):
    """The import is not in a state in which this can be done; the text says so."""


class BrokenOff(Exception):
    """Somebody has declared this import over while it was running."""


def keep_upload(
    *, file: File, name: str, author_id: int, language: str, at: datetime
) -> NetworkImport:
    """Keep an uploaded file privately and read its heading. Raises NoTable."""
    kind = kind_of(name)
    if not kind:
        raise NoTable(_("Choose a CSV or XLSX file."))
    heading, sample = _read_beginning(file, kind)
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    path = storages["private"].save(f"imports/{uuid.uuid4().hex}.{kind}", file)
    return NetworkImport.objects.create(
        name=name[-200:],
        path=path,
        kind=kind,
        size=file.size,
        digest=digest.hexdigest(),
        heading=heading,
        sample=sample,
        columns=suggest_columns(heading=heading),
        language=language,
        author_id=author_id,
        uploaded_at=at,
    )


def match_columns(
    *,
    import_id: int,
    columns: Sequence[str],
    prefix: str,
    opens_on: date | None,
    at: datetime,
) -> NetworkImport:
    """Say what each column of the file is, remember that for its heading, and start the dry run.

    May be done again until the import is confirmed. Raises WrongColumns, WrongState.
    """
    kept = NetworkImport.objects.get(pk=import_id)
    reasons = check_columns(columns)
    if len(columns) != len(kept.heading):
        reasons.append(_("The file has {number} columns.").format(number=len(kept.heading)))
    if reasons:
        raise WrongColumns(reasons)
    with transaction.atomic():
        _change(
            kept,
            before=(STATE.UPLOADED, STATE.REFUSED, STATE.READY, STATE.FAILED),
            state=STATE.CHECKING,
            columns=list(columns),
            prefix=prefix,
            opens_on=opens_on,
            alive_at=at,
            done=0,
            total=0,
            failure="",
        )
        ColumnMapping.objects.update_or_create(
            heading=heading_digest(kept.heading),
            defaults={"columns": list(columns), "used_at": at},
        )
        import_tasks.check_upload.enqueue(import_id=import_id)
    return kept


def check_upload(*, import_id: int, at: datetime) -> bool:
    """The dry run: find everything that is wrong, or count what would be done; once."""
    kept = NetworkImport.objects.get(pk=import_id)
    if kept.state != STATE.CHECKING:
        return False
    with translation.override(kept.language), telling(import_id=import_id) as tell:
        try:
            network = _read(kept, tell)
            tell(len(network.rows), len(network.rows))
            counts, problems = check_network(
                rows=network.rows, at=at, opens_on=kept.opens_on, faulty=network.faulty
            )
        except DayClosed as closed:
            counts, problems = NetworkCounts(), [RowProblem(1, str(closed))]
            network = MemberFile([], [])
        except Exception:
            _fail(kept, state=STATE.CHECKING)
            raise
        problems = sorted([*network.problems, *problems])
        if not problems and not network.rows:
            problems = [RowProblem(1, _("there are no members in this file"))]
        return _note_check(kept, counts=counts, problems=problems, rows=len(network.rows))


def confirm_import(*, import_id: int, author_id: int, at: datetime) -> NetworkImport:
    """Let the background import a file that was checked; once. Raises WrongState."""
    kept = NetworkImport.objects.get(pk=import_id)
    with transaction.atomic():
        _change(
            kept,
            before=(STATE.READY,),
            state=STATE.RUNNING,
            confirmed_by_id=author_id,
            alive_at=at,
            done=0,
        )
        import_tasks.run_import.enqueue(import_id=import_id)
    return kept


def run_import(*, import_id: int, at: datetime) -> bool:
    """Import a confirmed file, all of it or nothing; True for whoever did it.

    The state changes in the transaction that writes the members: an import is done exactly when they
    are there.
    """
    kept = NetworkImport.objects.get(pk=import_id)
    if kept.state != STATE.RUNNING:
        return False
    with translation.override(kept.language), telling(import_id=import_id) as tell:
        try:
            network = _read(kept, lambda done, total: tell(0, kept.total))
            if network.problems:
                raise ImportRefused(network.problems)
            with transaction.atomic():
                counts = import_network(
                    rows=network.rows,
                    imported_at=at,
                    opens_on=kept.opens_on,
                    author_id=kept.confirmed_by_id,
                    source=f"import {kept.pk}: {kept.name}",
                    progress=tell,
                )
                finished = NetworkImport.objects.filter(pk=kept.pk, state=STATE.RUNNING).update(
                    state=STATE.DONE,
                    written=counts.as_json(),
                    done=len(network.rows),
                    total=len(network.rows),
                    finished_at=at,
                )
                if not finished:
                    raise BrokenOff
        except BrokenOff:
            return False
        except ImportRefused as refused:
            # Somebody joined or moved since the dry run.
            _keep_problems(kept, refused.problems)
            _refuse(kept, refused.problems, before=STATE.RUNNING)
            return False
        except DayClosed as closed:
            _refuse(kept, [RowProblem(1, str(closed))], before=STATE.RUNNING)
            return False
        except Exception:
            _fail(kept, state=STATE.RUNNING)
            raise
    return True


def cancel_import(*, import_id: int, at: datetime) -> None:
    """Give an import up before it is confirmed, and remove its file. Raises WrongState."""
    kept = NetworkImport.objects.get(pk=import_id)
    before = (STATE.UPLOADED, STATE.REFUSED, STATE.READY, STATE.FAILED)
    _change(kept, before=before, state=STATE.CANCELLED, finished_at=at)
    _remove_file(kept)


def find_broken_off(*, at: datetime) -> int:
    """Declare imports over whose process ended or never began; what they wrote was rolled back."""
    silent = NetworkImport.objects.filter(
        state__in=(STATE.CHECKING, STATE.RUNNING), alive_at__lt=at - SILENCE
    )
    number = 0
    for kept in silent:
        number += _fail(kept, state=kept.state)
    return number


def remove_files(*, at: datetime) -> int:
    """Delete files that have been kept as long as the setting says; returns how many."""
    oldest = at - timedelta(days=get_setting("IMPORT_FILE_DAYS"))
    old = NetworkImport.objects.exclude(path="").filter(uploaded_at__lt=oldest)
    old = old.exclude(state__in=(STATE.CHECKING, STATE.RUNNING))
    number = 0
    for kept in old:
        _remove_file(kept)
        number += 1
    return number


def _read_beginning(file: File, kind: str) -> tuple[list[str], list[list[str]]]:
    file.seek(0)
    # The plain file below Django's reads a line of any length at once.
    rows = read_table(file=file.file or file, kind=kind)
    beginning = []
    try:
        for row in rows:
            beginning.append([cell[:LONGEST_CELL].replace("\0", "") for cell in row.cells])
            if len(beginning) > SAMPLE_ROWS:
                break
    except Unreadable as error:
        if not beginning:
            raise NoTable(str(error)) from None
    if len(beginning) < 2:
        raise NoTable(_("The file has no rows below its heading."))
    if not 2 <= len(beginning[0]) <= MOST_COLUMNS:
        raise NoTable(
            _("The file has {number} columns; a table of members has 2 to {most}.").format(
                number=len(beginning[0]), most=MOST_COLUMNS
            )
        )
    return beginning[0], beginning[1:]


def _read(kept: NetworkImport, tell: Progress) -> MemberFile:
    with storages["private"].open(kept.path) as file:
        return open_member_file(
            file=file.file,
            kind=kept.kind,
            columns=kept.columns,
            prefix=kept.prefix,
            progress=tell,
        )


def _change(kept: NetworkImport, *, before: Sequence[str], **fields: object) -> None:
    """Change an import that is in one of these states, and nobody else did meanwhile."""
    changed = NetworkImport.objects.filter(pk=kept.pk, state__in=before).exclude(path="")
    if not changed.update(**fields):
        raise WrongState(_("This import has moved on meanwhile."))
    kept.refresh_from_db()


def _note_check(
    kept: NetworkImport, *, counts: NetworkCounts, problems: list[RowProblem], rows: int
) -> bool:
    _keep_problems(kept, problems)
    checking = NetworkImport.objects.filter(pk=kept.pk, state=STATE.CHECKING)
    return bool(
        checking.update(
            state=STATE.REFUSED if problems else STATE.READY,
            found=counts.as_json(),
            problem_count=len(problems),
            problems=_shown(problems),
            done=rows,
            total=rows,
        )
    )


def _refuse(kept: NetworkImport, problems: list[RowProblem], *, before: str) -> None:
    NetworkImport.objects.filter(pk=kept.pk, state=before).update(
        state=STATE.REFUSED, problem_count=len(problems), problems=_shown(problems)
    )


def _shown(problems: Sequence[RowProblem]) -> list[tuple[int, str]]:
    """What stands on the page; PostgreSQL keeps no NUL, which bad cells may have."""
    return [(line, reason.replace("\0", "�")) for line, reason in problems[:SHOWN_PROBLEMS]]


def _keep_problems(kept: NetworkImport, problems: Sequence[RowProblem]) -> None:
    """All of them as CSV beside the file, in the place of those of an earlier try."""
    path = problems_path(of=kept)
    storages["private"].delete(path)
    if not problems:
        return
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("line"), _("error")])
    writer.writerows((line, harmless_cell(reason)) for line, reason in problems)
    storages["private"].save(path, ContentFile(out.getvalue().encode("utf-8-sig")))


def _fail(kept: NetworkImport, *, state: str) -> int:
    with translation.override(kept.language):
        failure = _("It broke off; nothing was written. Try again.")
    failed = NetworkImport.objects.filter(pk=kept.pk, state=state)
    return failed.update(state=STATE.FAILED, failure=failure)


def _remove_file(kept: NetworkImport) -> None:
    storages["private"].delete(kept.path)
    storages["private"].delete(problems_path(of=kept))
    NetworkImport.objects.filter(pk=kept.pk).update(path="")
