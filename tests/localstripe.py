"""A real localstripe process per test process, and the little that a browser does with it."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

PAYS = "4242424242424242"
ASKS_BANK = "4000002500003155"
DECLINED = "4000000000000002"
DECLINED_WHEN_CHARGED = "4000000000000341"
ASKS_BANK_THEN_DECLINED = "4000008400001629"


class LocalStripe:
    """Speaks to the process as a browser, as Stripe's dashboard, and as its webhook sender."""

    def __init__(self, base: str) -> None:
        self.base = base

    def card(self, number: str = PAYS) -> str:
        """What payment.js hands to the server for a card typed by the shopper."""
        fields = {"number": number, "exp_month": "12", "exp_year": "2031", "cvc": "123"}
        body = {f"card[{name}]": value for name, value in fields.items()}
        return str(self.call("POST", "/v1/tokens", {**body, "key": "pk_browser"})["card"]["id"])

    def answer_bank(self, payment_id: str, *, succeed: bool = True) -> None:
        """What the shopper does in the 3-D Secure window."""
        secret = self.call("GET", f"/v1/payment_intents/{payment_id}")["client_secret"]
        path = f"/v1/payment_intents/{payment_id}/_authenticate?success={str(succeed).lower()}"
        try:
            self.call("POST", path, {"client_secret": secret, "key": "pk_browser"})
        except urllib.error.HTTPError as error:
            if error.code != 402:
                raise

    def payments(self) -> list[dict[str, Any]]:
        """All payments of this test, newest last."""
        return list(self.call("GET", "/v1/payment_intents?limit=100")["data"])

    def charged(self) -> int:
        """What was taken and not given back, in smallest units."""
        return sum(p["amount"] for p in self.payments() if p["status"] == "succeeded") - sum(
            refund["amount"] for refund in self.refunds()
        )

    def refunds(self) -> list[dict[str, Any]]:
        """All refunds of this test."""
        return list(self.call("GET", "/v1/refunds?limit=100")["data"])

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What it would send to webhooks, of this kind."""
        events = self.call("GET", "/v1/events?limit=100")["data"]
        return [event for event in events if event["type"] == kind]

    def flush(self) -> None:
        """Forget everything."""
        self.call("DELETE", "/_config/data")

    def call(self, method: str, path: str, fields: dict[str, str] | None = None) -> Any:
        """One request with a secret key, answered as JSON."""
        request = urllib.request.Request(  # noqa: S310
            self.base + path,
            data=urlencode(fields).encode() if fields else None,
            method=method,
            headers={"Authorization": "Bearer sk_test_of_the_suite"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="session")
def localstripe_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStripe]:
    """The process, on a free port, until the session ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("localstripe") / "log").open("w")
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        stdout=log,
        stderr=log,
    )
    try:
        stripe = LocalStripe(f"http://127.0.0.1:{port}")
        _wait_for(port, process)
        yield stripe
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("localstripe did not start")


@pytest.fixture
def localstripe(localstripe_process: LocalStripe, settings: Any) -> Iterator[LocalStripe]:
    """An empty localstripe that this test's site talks to."""
    localstripe_process.flush()
    settings.STRIPE_API_BASE = localstripe_process.base
    yield localstripe_process
