"""What a member may see of whom: decided here, for every page, export and interface.

The own downline is seen as `MLM["TEAM_SHOWS"]` says; the upline by name only; nobody else exists.
Staff is not asked here: its pages have rights of their own.
"""

from dataclasses import dataclass
from datetime import datetime

from mlm_plugin.conf import get_setting
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import get_member_by_code, is_below


@dataclass(frozen=True)
class Shown:
    """What of a member is shown. `page`: whether there is a page and a branch to open at all."""

    page: bool = False
    name: bool = False
    points: bool = False
    contact: bool = False


NOTHING = Shown()
ONESELF = Shown(page=True, name=True, points=True, contact=True)
ABOVE = Shown(name=True)


def what_is_shown(*, level: int, agreed_to_contact: bool) -> Shown:
    """What a member sees of another so many levels below (0: of oneself, below 0: of the upline)."""
    if level == 0:
        return ONESELF
    if level < 0:
        return ABOVE
    return Shown(
        page=True,
        name=_reaches(levels_shown("names"), level),
        points=_reaches(levels_shown("points"), level),
        contact=agreed_to_contact and _reaches(levels_shown("contact"), level),
    )


def what_viewer_sees(*, viewer: Member, of: Member) -> Shown:
    """What `viewer` sees of any member now; nothing of whoever is neither below nor above."""
    if of.path.startswith(viewer.path) or viewer.path.startswith(of.path):
        agreed = of.shows_contact_since is not None
        return what_is_shown(level=of.depth - viewer.depth, agreed_to_contact=agreed)
    return NOTHING


def find_visible(*, viewer: Member, code: str, at: datetime | None = None) -> Member:
    """The viewer or a member of the viewer's downline, by code; with `at`, of the downline then too.

    Whoever has left the downline stays out of sight also in its past. Raises Member.DoesNotExist for
    everybody else, so that no page tells which codes exist outside.
    """
    found = get_member_by_code(code=code)
    if found is None or not what_viewer_sees(viewer=viewer, of=found).page:
        raise Member.DoesNotExist
    if at is None or found.pk == viewer.pk:
        return found
    if not is_below(member_id=found.pk, of_member_id=viewer.pk, at=at):
        raise Member.DoesNotExist
    return found


def levels_shown(what: str) -> int | None:
    """How many levels down "names", "points" or "contact" are shown; None: all."""
    levels: int | None = get_setting("TEAM_SHOWS").get(what)
    return levels


def name_of(member: Member, *, shown: Shown) -> str:
    """What a member is called for whom `shown` was decided: the name, or the code alone."""
    return member.full_name if shown.name else member.code


def _reaches(levels: int | None, level: int) -> bool:
    return levels is None or level <= levels
