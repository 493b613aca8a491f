"""Starts the demo: database, localstripe, site and worker, until Ctrl-C.

`PORT=` chooses the address, `VAR_DIR=` where everything is kept. Django is not loaded here: a later
start, with nothing to migrate, is as quick as the site itself.
"""

import hashlib
import importlib
import os
import secrets
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from storefront.run import catalogues
from storefront.run.processes import BASE_DIR, Household, Stopped

SECONDS_TO_START = 120.0


def main() -> int:
    """Return the exit code."""
    started = time.monotonic()
    port = os.environ.get("PORT", "8000")
    address = f"http://127.0.0.1:{port}"
    if not _is_free(int(port)):
        say(f"Port {port} is taken. Another one: make run PORT={int(port) + 1}")
        return 1
    var_dir = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
    var_dir.mkdir(parents=True, exist_ok=True)
    if catalogues.compile_changed():
        say("Translations are compiled.")
    environment = {"BASE_URL": address, "PYTHONUNBUFFERED": "1", "VAR_DIR": str(var_dir)}
    try:
        with Household() as household:
            environment.update(_play_stripe(household, address=address, var_dir=var_dir))
            if not _prepare(household, environment, var_dir=var_dir):
                return 1
            say("Starting site and worker ...")
            site = ("manage.py", "runserver", f"127.0.0.1:{port}", "--skip-checks")
            household.start("site", *site, environment=environment)
            # Each job would be two lines on the screen.
            quiet = {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
            household.start("worker", "manage.py", "work", environment={**environment, **quiet})
            if _answers(household, address):
                _greet(address, seconds=time.monotonic() - started)
            while not household.ended():
                time.sleep(0.5)
            say(f"The {household.ended()} has ended by itself: stopping everything.")
            return 1
    except Stopped:
        say("Stopped.")
        return 0


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _play_stripe(household: Household, *, address: str, var_dir: Path) -> dict[str, str]:
    """Start localstripe unless a key of Stripe is set; return what the site must know of it."""
    if os.environ.get("STRIPE_SECRET_KEY"):
        return {}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_demo",
        "STRIPE_WEBHOOK_SECRET": secrets.token_urlsafe(24),
        "STRIPE_API_BASE": f"http://127.0.0.1:{port}",
    }
    household.start(
        "card payments",
        *("-m", "storefront.run.localstripe", "--port", str(port)),
        *("--file", str(var_dir / "localstripe.pickle")),
        *("--webhook", f"{address}/payments/webhook/"),
        environment=environment,
    )
    return environment


def _prepare(household: Household, environment: dict[str, str], *, var_dir: Path) -> bool:
    """Migrate and fill the database unless it was done for just this code; whether that worked."""
    prepared = var_dir / "prepared"
    state = state_of(database_url=os.environ.get("DATABASE_URL", ""))
    is_sqlite = not os.environ.get("DATABASE_URL")
    exists = not is_sqlite or (var_dir / "site.sqlite3").exists()
    if exists and prepared.exists() and prepared.read_text() == state:
        return True
    prepared.unlink(missing_ok=True)
    household.start(
        "preparation",
        "-m",
        "storefront.run.prepare",
        environment={"DJANGO_SETTINGS_MODULE": "storefront.settings.dev", **environment},
    )
    if household.wait_for("preparation"):
        return False
    prepared.write_text(state)
    return True


def state_of(*, database_url: str) -> str:
    """Name the state of database address, packages and migrations."""
    texts = [database_url, (BASE_DIR / "requirements.txt").read_text()]
    for package in ("mlm_plugin", "storefront"):
        paths = sorted((BASE_DIR / package).rglob("migrations/*.py"))
        texts += [f"{path}\n{path.read_text()}" for path in paths]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _answers(household: Household, address: str) -> bool:
    """Wait until the site answers; False when something ended or it takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and not household.ended():
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return True
    return False


def _greet(address: str, *, seconds: float) -> None:
    say(f"\nThe site is ready ({seconds:.0f} s).\n")
    for what, path in (
        ("Site and shop", "/"),
        ("Cabinet of a member", "/my/"),
        ("Staff", "/dashboard/"),
        ("Pages", "/cms/"),
    ):
        say(f"  {what:<22}{address}{path}")
    logins = getattr(importlib.import_module("storefront.demo"), "DEMO_LOGINS", ())
    if logins:
        say("\n  Demo logins")
    for role, email, password in logins:
        say(f"  {role:<22}{email:<34}{password}")
    if logins:
        say("\n  Codes of the second factor: .venv/bin/python manage.py demo_codes")
    say("\nCtrl-C stops it.\n")


if __name__ == "__main__":
    sys.exit(main())
