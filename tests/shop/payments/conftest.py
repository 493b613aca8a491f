"""A product, a basket and the two words that most payment tests need: attempt and order."""

from tests.localstripe import localstripe, localstripe_process

__all__ = ["localstripe", "localstripe_process"]
