"""Runs every module here, or those named (`make bench ONLY=web`), and writes docs/performance.md.

Sections of modules that did not run this time stay as they were; each says when and where it was
measured. Ends with an error when a budget is broken.
"""

import importlib
import os
import pkgutil
import platform
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import benchmarks
from benchmarks.rows import Row

TABLE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
QUIET = 1.0
HEAD = """# Performance

Written by `make bench`; numbers here were measured, none is an estimate. `make bench ONLY=web`
measures one section again, `PEER=https://...` puts another site beside ours in the same run.
"""


def main(names: list[str]) -> int:
    """Return the exit code: 1 when a budget is broken."""
    known = sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if hasattr(importlib.import_module(f"benchmarks.{module.name}"), "measure")
    )
    if os.getloadavg()[0] > QUIET:
        print("This machine is busy with something else: the numbers will be too low.", flush=True)
    broken = []
    for name in names or known:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"{module.TITLE} ...", flush=True)
        rows = module.measure()
        broken += [row for row in rows if row.is_kept is False]
        for row in rows:
            print(f"  {row.what}: {row.measured} (budget: {row.budget})", flush=True)
        _write(title=module.TITLE, text=_section(module.NOTE, rows))
    for row in broken:
        print(f"Budget broken: {row.what}: {row.measured}, {row.budget}")
    return 1 if broken else 0


def _section(note: str, rows: list[Row]) -> str:
    lines = [note, "", "| what | measured | budget | kept |", "| --- | --- | --- | --- |"]
    words = {True: "yes", False: "**no**", None: ""}
    lines += [f"| {r.what} | {r.measured} | {r.budget} | {words[r.is_kept]} |" for r in rows]
    return "\n".join([*lines, "", _where()])


def _where() -> str:
    name = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (found := re.search(r"model name\s*: (.+)", cpuinfo.read_text())):
        name = found[1]
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores ({name}), Python {platform.python_version()}."


def _write(*, title: str, text: str) -> None:
    """Put the section in the place of the one with the same title, or at the end."""
    old = TABLE.read_text() if TABLE.exists() else ""
    sections = {
        part.split("\n", 1)[0].strip(): part.split("\n", 1)[1].strip()
        for part in re.split(r"^## ", old, flags=re.MULTILINE)[1:]
    }
    sections[title] = text
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    TABLE.write_text(f"{HEAD}\n{body}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
