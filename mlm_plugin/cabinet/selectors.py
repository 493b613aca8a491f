"""What a member may look at: those of the own downline."""

from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import get_member_by_code


def get_member_below(*, viewer: Member, code: str) -> Member:
    """A member of the viewer's downline, by code.

    Raises Member.DoesNotExist for everybody else (the viewer too), so that a page cannot be used
    to find out which codes exist outside the downline.
    """
    found = get_member_by_code(code=code)
    if found is None or found.depth <= viewer.depth or not found.path.startswith(viewer.path):
        raise Member.DoesNotExist
    return found
