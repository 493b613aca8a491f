"""The tree viewer with a hundred thousand in one first line: frames while scrolling, waits after jumps."""

import json
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.rows import Row, at_most
from benchmarks.site import make_installation
from tests import chromium

TITLE = "The tree of a team"
SIZE = 1_000_000
NOTE = (
    f"{SIZE:,} members, of whom a tenth stand in one first line, seen by its head in Chromium without a "
    "graphics card, 1,440 × 900; production settings, two gunicorn workers, browser, server and "
    "database on the same machine. Scrolling: 300 frames, each 240 pixels further. A jump goes to a "
    "place in the line at random and ends when every card that is seen is loaded."
)
FRAME_MS = 34.0
JUMP_MS = 400.0
MOST_CARDS = 60
PAGE_MS = 150.0

SCROLL = """async () => {
  const stage = document.querySelector("[data-tree-stage]");
  const frame = () => new Promise(requestAnimationFrame);
  let before = await frame();
  const taken = [];
  let cards = 0;
  for (let step = 0; step < 300; step += 1) {
    stage.scrollTop += 240;
    const now = await frame();
    taken.push(now - before);
    before = now;
    cards = Math.max(cards, document.querySelectorAll(".tree-card").length);
  }
  taken.sort((one, other) => one - other);
  return { p95: taken[285], median: taken[150], cards };
}"""
JUMP = """async () => {
  const stage = document.querySelector("[data-tree-stage]");
  const frame = () => new Promise(requestAnimationFrame);
  const taken = [];
  for (let jump = 0; jump < 30; jump += 1) {
    const began = performance.now();
    stage.scrollTop = ((jump * 0.618) % 1) * stage.scrollHeight;
    await frame();
    do await frame(); while (document.querySelector(".tree-card.is-waiting"));
    taken.push(performance.now() - began);
  }
  taken.sort((one, other) => one - other);
  return taken[28];
}"""
ANSWERS = """async ([parameters, times]) => {
  const taken = [];
  for (let each = 0; each < times; each += 1) {
    const began = performance.now();
    await (await fetch(parameters.replace("RANDOM", String(((each * 37) % 1999) * 50)))).text();
    taken.push(performance.now() - began);
  }
  taken.sort((one, other) => one - other);
  return taken[Math.floor(times * 0.95)];
}"""


def measure() -> list[Row]:
    """Build, look, scroll, jump and search."""
    with make_installation() as installation:
        installation.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        seen = json.loads(installation.run("-m", "benchmarks.inside.viewer", str(SIZE)))
        with (
            installation.serve(workers=2, application="benchmarks.inside.front") as address,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
            name, value = seen["cookie"]
            context.add_cookies([{"name": name, "value": value, "url": address}])
            rows = _look(context.new_page(), seen)
            browser.close()
    return rows


def _look(page: Page, seen: dict[str, Any]) -> list[Row]:
    rows = []
    for shape in ("List", "Chart"):
        page.goto("/my/team/")
        page.get_by_role("button", name=shape).click()
        page.locator(".tree-card").nth(2).wait_for()
        if shape == "Chart":
            script = SCROLL.replace("scrollTop", "scrollLeft")
            jump = JUMP.replace("scrollTop", "scrollLeft").replace("scrollHeight", "scrollWidth")
        else:
            script, jump = SCROLL, JUMP
        found = page.evaluate(script)
        words = f"{shape.lower()}, {seen['line']:,} in the first line"
        rows += [
            at_most(f"{words}: a frame while scrolling, p95", found["p95"], FRAME_MS, "ms"),
            at_most(f"{words}: cards in the document", found["cards"], MOST_CARDS, "cards"),
            at_most(f"{words}: after a jump, p95", page.evaluate(jump), JUMP_MS, "ms"),
        ]
    for words, address in (
        ("the page", "/my/team/"),
        ("fifty of the line, anywhere", "/my/team/branch/?from=RANDOM"),
        ("search by name", "/my/team/find/?q=anna+lind"),
        ("the way to the last of the line", f"/my/team/path/?of={seen['last']}"),
        ("the table", "/my/team/list/"),
    ):
        rows.append(at_most(f"{words}, p95", page.evaluate(ANSWERS, [address, 40]), PAGE_MS, "ms"))
    return rows
