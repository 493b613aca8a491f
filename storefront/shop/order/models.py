"""Oscar's models unchanged: this app is forked for its classes only."""

from oscar.apps.order.models import *  # noqa: F403
