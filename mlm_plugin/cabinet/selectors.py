"""What a member's pages show of the own downline: whatever `network.visibility` allows."""

from dataclasses import replace
from datetime import date
from typing import Any

from mlm_plugin.network.models import Member
from mlm_plugin.network.visibility import find_visible, levels_shown, what_is_shown
from mlm_plugin.volumes.feed import FeedPage, get_feed
from mlm_plugin.volumes.front_line import FrontLinePage, get_front_line_with_points


def get_member_below(*, viewer: Member, code: str) -> Member:
    """A member of the viewer's downline, by code.

    Raises Member.DoesNotExist for everybody else (the viewer too), so that a page cannot be used
    to find out which codes exist outside the downline.
    """
    found = find_visible(viewer=viewer, code=code)
    if found.pk == viewer.pk:
        raise Member.DoesNotExist
    return found


def get_feed_for(*, viewer: Member, **asked: Any) -> FeedPage:
    """The viewer's feed as deep as points are shown, with codes where names are not."""
    page = get_feed(member=viewer, down_to=levels_shown("points"), **asked)
    items = tuple(
        item if _shown(item.level).name else replace(item, member_name=item.member_code)
        for item in page.items
    )
    return replace(page, items=items)


def get_front_line_for(
    *, viewer: Member, of: Member, period: date, cursor: str = "", limit: int = 50
) -> FrontLinePage:
    """The first line of `of`, whom the viewer may see, less the names and points that are not shown.

    Where points are not shown, the order does not follow them either.
    """
    shown = _shown(of.depth - viewer.depth + 1)
    page = get_front_line_with_points(
        member=of, period=period, cursor=cursor, limit=limit, by_points=shown.points
    )
    rows = tuple(
        replace(
            row,
            name=row.name if shown.name else row.code,
            points=row.points if shown.points else None,
        )
        for row in page.rows
    )
    return replace(page, rows=rows)


def _shown(level: int) -> Any:
    return what_is_shown(level=level, agreed_to_contact=False)
