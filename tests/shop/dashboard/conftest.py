"""A localstripe for pages that take money."""

from tests.localstripe import localstripe, localstripe_process

__all__ = ["localstripe", "localstripe_process"]
