"""`make lighthouse`: how Lighthouse marks the pages of a purchase, on the phone it imagines.

Fills the demo company into an installation with production settings, opens five pages as a
visitor with one thing in the basket, and writes docs/lighthouse.md. Ends with an error when a mark
is below 95. Needs Node; Lighthouse goes into `var/lighthouse`.
"""

import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.site import ROOT, Installation, make_installation
from tests import chromium

VERSION = "12.8.2"
FOLDER = ROOT / "var" / "lighthouse"
TABLE = ROOT / "docs" / "lighthouse.md"
# Categories as Lighthouse calls them, and as the table does.
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "search",
}
BUDGET = 95
RUNS = 3
QUIET = 1.5
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"
HEAD = f"""# Lighthouse

Written by `make lighthouse`: the demo company with production settings and two gunicorn workers,
a visitor with one thing in the basket, Lighthouse {VERSION} with its phone (a slow processor, slow 4G);
medians of {RUNS} runs. Each mark has to be {BUDGET} or more.
"""


@dataclass(frozen=True)
class Marks:
    """What Lighthouse says of one page: marks from 0 to 100, and what they are made of."""

    name: str
    marks: dict[str, int]
    largest_paint: str
    blocked: str
    shift: str
    weight: str
    faults: tuple[str, ...]


def main() -> int:
    """Return the exit code: 1 when a mark is below the budget."""
    program = install()
    if os.getloadavg()[0] > QUIET:
        print("This machine is busy with something else: the marks will be too low.", flush=True)
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder, make_installation() as site:
        environment = {**site.environment, "VAR_DIR": folder, "SEARCH_ENGINES": "true"}
        pages = look_at(dataclasses.replace(site, environment=environment), program=program)
    TABLE.write_text(f"{HEAD}\n{write_table(pages)}")
    low = [page for page in pages if min(page.marks.values()) < BUDGET]
    for page in low:
        print(f"Below {BUDGET}: {page.name}: {page.marks}", *page.faults, sep="\n  ")
    return 1 if low else 0


def install() -> Path:
    """Put the pinned Lighthouse into its folder, unless it is there; return its program."""
    package = FOLDER / "node_modules" / "lighthouse"
    manifest = package / "package.json"
    if not manifest.is_file() or json.loads(manifest.read_text())["version"] != VERSION:
        npm = shutil.which("npm")
        if not npm:
            sys.exit("Install Node first: Lighthouse is a program for it.")
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
        subprocess.run([*command, "--prefix", str(FOLDER)], check=True)
    return package / "cli" / "index.js"


def look_at(site: Installation, *, program: Path) -> list[Marks]:
    """Fill the site, serve it and have every page marked."""
    # The demo company's passwords are public: only development settings let it in.
    development = {**site.environment, "DJANGO_SETTINGS_MODULE": "storefront.settings.dev"}
    print("Filling the demo company ...", flush=True)
    dataclasses.replace(site, environment=development).run("manage.py", "demo_fill")
    site.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    shopping = json.loads(site.run("-m", "benchmarks.inside.shopping"))
    with site.serve(workers=2, application="benchmarks.inside.front") as address:
        return [
            mark(name=name, url=address + path, cookies=shopping["cookies"], program=program)
            for name, path in shopping["paths"].items()
        ]


def mark(*, name: str, url: str, cookies: str, program: Path) -> Marks:
    """Run Lighthouse a few times and take the middle of each mark."""
    reports = [run_lighthouse(url=url, cookies=cookies, program=program) for _ in range(RUNS)]
    marks = {
        words: round(statistics.median(r["categories"][code]["score"] or 0 for r in reports) * 100)
        for code, words in CATEGORIES.items()
    }
    middle = sorted(reports, key=lambda r: r["categories"]["performance"]["score"] or 0)[RUNS // 2]
    print(
        f"  {name}: {', '.join(f'{words} {points}' for words, points in marks.items())}", flush=True
    )
    return Marks(
        name=name,
        marks=marks,
        largest_paint=_shown(middle, "largest-contentful-paint"),
        blocked=_shown(middle, "total-blocking-time"),
        shift=_shown(middle, "cumulative-layout-shift"),
        weight=f"{middle['audits']['total-byte-weight']['numericValue'] / 1000:.0f} kB",
        faults=tuple(_find_faults(middle)),
    )


def run_lighthouse(*, url: str, cookies: str, program: Path) -> dict[str, Any]:
    """One report, seen by the visitor whose cookies these are.

    Now and then Lighthouse misses the start of a page and asks to be run again; so it is.
    """
    try:
        return _report(url=url, cookies=cookies, program=program)
    except subprocess.CalledProcessError:
        return _report(url=url, cookies=cookies, program=program)


def _report(*, url: str, cookies: str, program: Path) -> dict[str, Any]:
    headers = {"Cookie": cookies}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                shutil.which("node") or "node",
                str(program),
                url,
                "--output=json",
                f"--output-path={report}",
                f"--only-categories={','.join(CATEGORIES)}",
                f"--extra-headers={json.dumps(headers)}",
                f"--chrome-flags={CHROMIUM_FLAGS}",
                "--quiet",
            ],
            env={**os.environ, "CHROME_PATH": chromium.find()},
            check=True,
        )
        return json.loads(report.read_text())


def _shown(report: dict[str, Any], audit: str) -> str:
    return report["audits"][audit].get("displayValue", "-").replace("\xa0", " ")


def _find_faults(report: dict[str, Any]) -> list[str]:
    """What costs marks, in Lighthouse's words."""
    weighed = [
        (reference["id"], code)
        for code in CATEGORIES
        for reference in report["categories"][code]["auditRefs"]
        if reference["weight"] > 0
    ]
    return [
        f"{CATEGORIES[code]}: {audit['title']} {audit.get('displayValue', '')}"
        for name, code in weighed
        if (audit := report["audits"][name])["score"] is not None and audit["score"] < 0.9
    ]


def write_table(pages: list[Marks]) -> str:
    """The marks of all pages, and when they were given."""
    columns = [*CATEGORIES.values(), "largest paint", "blocked", "layout shift", "transferred"]
    lines = [
        f"| page | {' | '.join(columns)} |",
        f"| --- {'| --- ' * len(columns)}|",
    ]
    for page in pages:
        cells = [*map(str, page.marks.values())]
        cells += [page.largest_paint, page.blocked, page.shift, page.weight]
        lines.append(f"| {page.name} | {' | '.join(cells)} |")
    day = datetime.now(UTC).date().isoformat()
    return "\n".join([*lines, "", f"{day}, {os.cpu_count()} cores.", ""])


if __name__ == "__main__":
    sys.exit(main())
