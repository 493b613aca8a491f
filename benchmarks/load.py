"""Asks one address again and again from a few threads and tells how long the answers took."""

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

WARM_UP_SECONDS = 3.0
HEADERS = {"X-Forwarded-Proto": "https", "User-Agent": "bench", "Accept-Language": "en"}


@dataclass(frozen=True)
class Load:
    """What came back: requests per second, and the time under which 95 of 100 answers were there."""

    per_second: float
    p95_ms: float


def run_load(*, url: str, seconds: float = 10.0, clients: int = 4) -> Load:
    """Load `url`; raises ValueError for the first answer that is not 200."""
    _ask_for(url, WARM_UP_SECONDS, clients)
    started = time.monotonic()
    times = sorted(_ask_for(url, seconds, clients))
    elapsed = time.monotonic() - started
    return Load(len(times) / elapsed, times[int(len(times) * 0.95)] * 1000)


def _ask_for(url: str, seconds: float, clients: int) -> list[float]:
    times: list[float] = []
    problems: list[ValueError] = []
    end = time.monotonic() + seconds

    def ask() -> None:
        while time.monotonic() < end and not problems:
            started = time.monotonic()
            try:
                get_page(url)
            except ValueError as problem:
                problems.append(problem)
            else:
                times.append(time.monotonic() - started)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return times


def get_page(url: str) -> None:
    """Ask for `url`; raises ValueError unless the answer is 200."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path or "/", headers=HEADERS)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise ValueError(f"{url} answered {answer.status}")
