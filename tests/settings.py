"""`storefront.settings.test` on a directory and a database that belong to this process alone.

pytest loads it first of all (`--ds` in pyproject.toml), in every xdist worker anew. Child processes
that a test starts get `storefront.settings.test` and inherit directory and database.
"""

import os

from tests import databases

os.environ.update(databases.choose_environment())

from storefront.settings.test import *  # noqa: E402, F403
