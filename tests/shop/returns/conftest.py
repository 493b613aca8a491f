"""A localstripe for orders that are paid by card."""

from tests.localstripe import localstripe, localstripe_process

__all__ = ["localstripe", "localstripe_process"]
