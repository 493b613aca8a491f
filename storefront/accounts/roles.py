"""The roles of people who work on the site; customers and members need none.

Each role is a group of the same name, filled by the migration `0002_groups`. Operators and Finance
are staff (`is_staff`), which opens the dashboard, and so are the other three who keep the books: Finance
prepares plans, runs and payouts, Controllers approve what others prepared, Payers hand payouts over to
the bank, Auditors read everything and change nothing. The last three are not staff: they reach the CMS by
permission and nothing else. Editors write pages and submit them; Approvers publish what was
submitted; Marketers do both, look after menus, notices, the look and redirects as well, and read
what visitors send with forms.
"""

OPERATORS = "Operators"
FINANCE = "Finance"
CONTROLLERS = "Controllers"
PAYERS = "Payers"
AUDITORS = "Auditors"
MARKETERS = "Marketers"
EDITORS = "Editors"
APPROVERS = "Approvers"

BOOKKEEPERS = (FINANCE, CONTROLLERS, PAYERS, AUDITORS)

ROLES = (OPERATORS, *BOOKKEEPERS, MARKETERS, EDITORS, APPROVERS)
STAFF_ROLES = (OPERATORS, *BOOKKEEPERS)
