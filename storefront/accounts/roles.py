"""The roles of people who work on the site; customers and members need none.

Each role is a group of the same name, filled by the migration `0002_groups`. Operators and Finance
are staff (`is_staff`), which opens the dashboard. Marketers are not: they reach the CMS by
permission and nothing else.
"""

OPERATORS = "Operators"
FINANCE = "Finance"
MARKETERS = "Marketers"

ROLES = (OPERATORS, FINANCE, MARKETERS)
STAFF_ROLES = (OPERATORS, FINANCE)
