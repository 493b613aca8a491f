"""The roles of people who work on the site; customers and members need none.

Each role is a group of the same name, filled by the migration `0002_groups`. Operators and Finance
are staff (`is_staff`), which opens the dashboard. The other three are not: they reach the CMS by
permission and nothing else. Editors write pages and submit them; Approvers publish what was
submitted; Marketers do both, look after menus, notices, the look and redirects as well, and read
what visitors send with forms.
"""

OPERATORS = "Operators"
FINANCE = "Finance"
MARKETERS = "Marketers"
EDITORS = "Editors"
APPROVERS = "Approvers"

ROLES = (OPERATORS, FINANCE, MARKETERS, EDITORS, APPROVERS)
STAFF_ROLES = (OPERATORS, FINANCE)
