"""Linden & Loom: a company of daily things that `make run` fills an empty installation with.

Python that calls the services which real visitors, members and staff call, so it breaks loudly
when one of them does.
"""

from storefront.demo.logins import DEMO_LOGINS

__all__ = ["DEMO_LOGINS"]
