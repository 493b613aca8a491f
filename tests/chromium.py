"""Finds the browser the system has; none is ever downloaded."""

import functools
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@functools.cache
def find() -> str:
    """Return the path of a Chromium, or ""."""
    return next((path for name in NAMES if (path := shutil.which(name))), "")
