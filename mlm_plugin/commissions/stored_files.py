"""Frozen inputs and results in the private store: named by their content, so never changed.

A file is kept before the row that names it. Whoever is killed in between, or in the middle of writing,
leaves a file that nobody names; keeping the same content again puts it right.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages

FOLDER = "periods"
CHUNK = 1024 * 1024


class ChangedFile(ValueError):
    """A stored file is not what it was when it was kept."""


def keep_file(*, path: Path, calendar: str, period: str, kind: str) -> tuple[str, str]:
    """Keep a file of a period; returns its name in the store and the SHA-256 of its bytes."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    store = storages["private"]
    # Names of a plan's calendars and periods may hold anything; the digest alone tells files apart.
    name = f"{FOLDER}/{_harmless(calendar)}/{_harmless(period)}/{kind}-{digest}.zip"
    if store.exists(name):
        if _digest_of(name) == digest:
            return name, digest
        store.delete(name)
    with path.open("rb") as content:
        kept = store.save(name, File(content))
    if kept != name:
        # Somebody else kept the same content at the same moment.
        store.delete(kept)
    return name, digest


@contextmanager
def stored_file(*, name: str, digest: str) -> Iterator[Path]:
    """A stored file as one on disk, for as long as it is needed. Raises ChangedFile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        with storages["private"].open(name) as source, path.open("wb") as target:
            total = hashlib.sha256()
            while chunk := source.read(CHUNK):
                total.update(chunk)
                target.write(chunk)
        if total.hexdigest() != digest:
            raise ChangedFile(f"{name} was changed after it was kept: its digest does not fit")
        yield path


def pack_folder(*, folder: Path, path: Path) -> None:
    """All files of a folder in one archive: the same files give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            # Entries that carry no time.
            entry = zipfile.ZipInfo(file.name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)


def unpack_folder(*, name: str, digest: str, folder: Path) -> None:
    """The files of a stored archive into a folder, which is made. Raises ChangedFile."""
    folder.mkdir(parents=True)
    with stored_file(name=name, digest=digest) as path, zipfile.ZipFile(path) as archive:
        archive.extractall(folder)


def _digest_of(name: str) -> str:
    with storages["private"].open(name) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _harmless(name: str) -> str:
    kept = "".join(letter for letter in name if letter.isalnum() or letter in "-_")
    return kept or "other"
