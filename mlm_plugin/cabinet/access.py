"""Who enters the cabinet: one decorator for all its pages, so that none forgets to ask."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import get_member_of_user

# These see their cabinet; suspended members read only, and are told so on every page.
WELCOME = {Member.Status.ACTIVE, Member.Status.SUSPENDED}


def cabinet_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the signed-in member to the view; strangers sign in, everybody else is told what to do.

    Only the cabinet's first page explains; the others lead there, so that nothing else is said to
    somebody who is no member.
    """

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        member = get_member_of_user(user_id=request.user.pk)
        if member is None or member.status not in WELCOME:
            if request.resolver_match and request.resolver_match.url_name != "my-home":
                return redirect("mlm:my-home")
            return render(request, "mlm/cabinet/outside.html", {"member": member})
        return view(request, member, *args, **kwargs)

    return guarded
