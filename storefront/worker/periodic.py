"""Things done again and again, from the setting `PERIODIC`.

Each entry is a dotted path and the seconds between two runs; the function is called with one
keyword, `at`, the time of the run. Every worker runs the whole list, so a function must bear being
run by two at once, which all our services do.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.db import close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

# Below what supervisors wait before they kill; whatever is cut off is taken up by the next run.
SECONDS_TO_FINISH = 8.0

Work = Callable[..., object]


@dataclass
class Round:
    """One function, and when it is its turn again (on the monotonic clock)."""

    path: str
    work: Work
    seconds: float
    due: float


def load_rounds(*, entries: Sequence[tuple[str, float]], now: float) -> list[Round]:
    """Import what `PERIODIC` names; everything is due at once. Raises ImportError for a wrong path."""
    return [Round(path, import_string(path), seconds, due=now) for path, seconds in entries]


def run_due(*, rounds: Sequence[Round], now: float, at: datetime) -> float:
    """Run what is due and return when the next one will be, on the monotonic clock.

    A function that fails is reported in the log and comes again at its next turn.
    """
    for turn in rounds:
        if turn.due > now:
            continue
        close_old_connections()
        try:
            turn.work(at=at)
        except Exception:
            logger.exception("%s failed; next try in %s s", turn.path, turn.seconds)
        finally:
            close_old_connections()
        turn.due = now + turn.seconds
    return min((turn.due for turn in rounds), default=now + 60)


class PeriodicThread(threading.Thread):
    """Runs the rounds until told to stop; what is running then is finished first."""

    def __init__(self, rounds: Sequence[Round]) -> None:
        super().__init__(name="periodic", daemon=True)
        self._rounds = rounds
        self._stopping = threading.Event()

    def run(self) -> None:
        """Wake up whenever something is due."""
        while not self._stopping.is_set():
            due = run_due(rounds=self._rounds, now=monotonic(), at=timezone.now())
            self._stopping.wait(max(due - monotonic(), 0))

    def stop(self) -> None:
        """Wait for the function that is running, then come to an end."""
        self._stopping.set()
        self.join(timeout=SECONDS_TO_FINISH)
