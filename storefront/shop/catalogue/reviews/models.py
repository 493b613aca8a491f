"""Oscar's models unchanged: this app is forked for its classes only."""

from oscar.apps.catalogue.reviews.models import *  # noqa: F403
