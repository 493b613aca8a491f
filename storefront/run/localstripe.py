"""Starts localstripe, which plays Stripe for the demo, as this installation needs it.

Its own command listens to the whole network, keeps its data in one file for all installations of a
machine, writes that file anew for each change, and knows webhooks only once somebody has told it.
"""

import argparse
import logging
import os
import pickle
import time
from pathlib import Path

from aiohttp import web
from localstripe import resources, server
from localstripe.webhooks import register_webhook

SECONDS_BETWEEN_SAVES = 2.0


class Keeper:
    """Keeps what localstripe knows in a file of ours, so that old payments can be refunded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.saved_at = 0.0

    def load(self) -> None:
        """Take up what an earlier run left."""
        if self.path.exists():
            # Our own file, written below.
            resources.store.update(pickle.loads(self.path.read_bytes()))  # noqa: S301

    def save_soon(self) -> None:
        """Save, but not for each of many changes in a row."""
        if time.monotonic() - self.saved_at > SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        """Replace the file in one step."""
        growing = self.path.with_suffix(".growing")
        growing.write_bytes(pickle.dumps(resources.store))
        growing.replace(self.path)
        self.saved_at = time.monotonic()


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--webhook", required=True)
    options = parser.parse_args()

    keeper = Keeper(options.file)
    type(resources.store).dump_to_disk = lambda store: keeper.save_soon()
    keeper.load()

    async def save_at_the_end(app: web.Application) -> None:
        keeper.save()

    server.app.on_shutdown.append(save_at_the_end)
    register_webhook("site", options.webhook, os.environ["STRIPE_WEBHOOK_SECRET"], None)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    web.run_app(server.app, host="127.0.0.1", port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
