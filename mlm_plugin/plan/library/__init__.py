"""Well-known plan shapes as documents, each complete and ready to run; a page each in docs/plans."""

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent


def list_plans() -> Iterator[tuple[str, Path]]:
    """Name and file of every plan of the library, by name."""
    for path in sorted(FOLDER.glob("*.toml")):
        yield path.stem, path


def find_plan(name: str) -> Path:
    """The file of a plan. Raises KeyError for a name that the library does not have."""
    return dict(list_plans())[name]
