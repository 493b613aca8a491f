"""Reads of imports: the list, one of them, how its columns were matched last time."""

import hashlib
import json
from collections.abc import Sequence

from django.core.files.storage import storages
from django.db.models import QuerySet

from mlm_plugin.network.member_rows import guess_column
from mlm_plugin.network.models import ColumnMapping, NetworkImport

SHOWN = 100


def get_imports() -> QuerySet[NetworkImport]:
    """The newest imports."""
    return NetworkImport.objects.select_related("author", "confirmed_by").order_by("-pk")[:SHOWN]


def get_import(*, import_id: int) -> NetworkImport:
    """One import. Raises NetworkImport.DoesNotExist."""
    return NetworkImport.objects.select_related("author", "confirmed_by").get(pk=import_id)


def get_earlier_import(*, of: NetworkImport) -> NetworkImport | None:
    """The last import of a file with the same content that was carried out."""
    same = NetworkImport.objects.filter(digest=of.digest, state=NetworkImport.State.DONE)
    return same.exclude(pk=of.pk).order_by("-finished_at").first()


def suggest_columns(*, heading: Sequence[str]) -> list[str]:
    """Our name of each column: as it was matched last time, else what the words suggest."""
    known = ColumnMapping.objects.filter(heading=heading_digest(heading)).first()
    if known is not None and len(known.columns) == len(heading):
        return list(known.columns)
    suggested: list[str] = []
    for cell in heading:
        name = guess_column(cell)
        suggested.append("" if name in suggested else name)
    return suggested


def heading_digest(heading: Sequence[str]) -> str:
    """The same for the same words in the same order, whatever their case."""
    words = json.dumps([cell.strip().lower() for cell in heading], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def problems_path(*, of: NetworkImport) -> str:
    """Where all that is wrong with a file is kept beside it, as CSV."""
    return f"{of.path}.problems.csv" if of.path else ""


def has_problems_file(*, of: NetworkImport) -> bool:
    """Whether that file is there."""
    path = problems_path(of=of)
    return bool(path) and storages["private"].exists(path)
