"""`make sheet`: a demo company, a site that shows it, a browser that looks at everything."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.setdefault("VAR_DIR", str(BASE_DIR / "var" / "sheet")))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
# Playwright keeps an event loop running in this thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
SECONDS_TO_START = 120.0


def main(areas: list[str]) -> int:
    """Take the sheets of `areas`, or all; return the exit code."""
    from storefront.run.processes import Household

    started = time.monotonic()
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    stripe, site = _free_port(), _free_port()
    base = f"http://127.0.0.1:{site}"
    environment = {
        "BASE_URL": base,
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_demo",
        "STRIPE_WEBHOOK_SECRET": "whsec_demo",
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe}",
        "LOG_LEVEL": "WARNING",
    }
    with Household() as household:
        household.start("preparation", "-m", "storefront.run.prepare", environment=environment)
        if household.wait_for("preparation"):
            return 1
        household.start(
            "card payments",
            *("-m", "storefront.run.localstripe", "--port", str(stripe)),
            *("--file", str(VAR_DIR / "localstripe.pickle")),
            *("--webhook", f"{base}/payments/webhook/"),
            environment=environment,
        )
        with _serve(site, environment):
            _wait_for(f"{base}/healthz")
            _photograph(base, areas)
    print(f"The sheets are in docs/sheet ({time.monotonic() - started:.0f} s).", flush=True)
    return 0


@contextmanager
def _serve(port: int, environment: dict[str, str]) -> Iterator[None]:
    """A site that keeps its line per request to itself."""
    command = [sys.executable, "manage.py", "runserver", str(port), "--noreload", "--skip-checks"]
    server = subprocess.Popen(
        command,
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _photograph(base: str, wanted: list[str]) -> None:
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from tests import chromium
    from tests.check_sheet import camera, pages, paper

    shots = pages.collect_shots()
    product = next(shot.address for shot in shots if shot.name == "product without")
    steps = [pages.Shot("checkout", step, pages.STRANGER, "") for step in camera.STEPS]
    sessions = camera.find_sessions(shots)
    paper.write_page(BASE_DIR / "docs" / "check_sheet.md", [*shots, *steps])
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        looking = camera.Camera(browser, base, sessions)
        for area in wanted or pages.AREAS:
            print(f"  {area} ...", flush=True)
            if area == "checkout":
                walked = dict(looking.walk_to_order(product))
                taken = [(step, walked[step.name]) for step in steps]
            else:
                taken = [(shot, looking.take(shot)) for shot in shots if shot.area == area]
            paper.write_area(BASE_DIR / "docs" / "sheet", area, taken)
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
