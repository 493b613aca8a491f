"""Who may change the sponsor tree while whom: joining and crediting share it, a move has it alone.

treebeard locks the parent when a child is added, but a move is not protected: an enrolment below a
moving branch kept its old path when tried. PostgreSQL: advisory locks that end with the
transaction. SQLite needs none: its transactions are IMMEDIATE, so there is one writer at a time.
Where books are locked too, the tree comes first.
"""

from django.db import connection

TREE = 7_202
# Comes after TREE. Placing has this alone until its transaction ends: what makes a place free or
# nearest depends on rows all over the tree (line ends, levels above), which no order of row locks
# covers without a circle, and no company enrols more people a second than one after another can be.
PLACES = 7_203
LEG_FIGURES = 7_204


def share_tree() -> None:
    """Wait until no move or import is under way and keep them out until the transaction ends."""
    _execute("SELECT pg_advisory_xact_lock_shared(%s)", TREE)


def hold_tree() -> None:
    """Wait until everybody who reads or extends the tree has ended, and keep new ones out."""
    _execute("SELECT pg_advisory_xact_lock(%s)", TREE)


def hold_places() -> None:
    """Wait until nobody else is placing, and keep others out; share the tree first."""
    _execute("SELECT pg_advisory_xact_lock(%s)", PLACES)


def hold_leg_figures() -> None:
    """Wait until no other counting of legs is being written."""
    _execute("SELECT pg_advisory_xact_lock(%s)", LEG_FIGURES)


def _execute(statement: str, key: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, [key])
