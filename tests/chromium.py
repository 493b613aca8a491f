"""Finds the browser the system has; none is ever downloaded."""

import functools
import shutil

# The shell without a desktop's windows comes first: a whole browser keeps drawing its own tabs and
# buttons for every page a test opens.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


@functools.cache
def find() -> str:
    """Return the path of a Chromium, or ""."""
    return next((path for name in NAMES if (path := shutil.which(name))), "")
