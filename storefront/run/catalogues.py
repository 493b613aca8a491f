"""Compiles translations where the text is newer: Django reads only the compiled form.

Babel does it, which Oscar brings along; gettext's own tools are not on every machine. The compiled
files are built, not kept in the repository.
"""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("storefront", "storefront/wording", "mlm_plugin", "theme")


def compile_changed() -> int:
    """Compile every catalogue that changed since it was compiled; return how many did."""
    changed = [
        path
        for package in PACKAGES
        for path in sorted((BASE_DIR / package / "locale").glob("*/LC_MESSAGES/*.po"))
        if _is_older(path.with_suffix(".mo"), than=path)
    ]
    for path in changed:
        _compile(path)
    return len(changed)


def _is_older(compiled: Path, *, than: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime < than.stat().st_mtime


def _compile(path: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parent.parent.name, abort_invalid=True)
    growing = path.with_suffix(".mo.growing")
    with growing.open("wb") as target:
        write_mo(target, catalogue)
    growing.replace(path.with_suffix(".mo"))


if __name__ == "__main__":
    count = compile_changed()
    print(f"Translation catalogues compiled: {count}")
