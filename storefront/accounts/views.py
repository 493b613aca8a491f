"""The few account pages that allauth does not have."""

from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic.base import RedirectView

from storefront.accounts.selectors import CMS_ACCESS, lacks_second_factor


class LeadsTo(RedirectView):
    """A sign-in door of another package: it leads to allauth and keeps `?next=` and `?email=`."""

    query_string = True
    permanent = False

    @classmethod
    def named(cls, pattern_name: str) -> Any:
        """A view that leads to the page of this URL name, whatever its own arguments were."""
        return cls.as_view(pattern_name=pattern_name)

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str | None:
        """Tokens and ids of the old address mean nothing at the new one."""
        return super().get_redirect_url()


class Door(LeadsTo):
    """Where Wagtail sends everyone whom it refuses, signed in or not: strangers sign in and come
    back, others are told no. Sending those on as well would turn in a circle.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only who is not signed in yet can do something about it."""
        if request.user.is_authenticated and REDIRECT_FIELD_NAME in request.GET:
            if request.user.has_perm(CMS_ACCESS) and request.path.startswith("/cms/"):
                return redirect("wagtailadmin_home")
            raise PermissionDenied
        return super().get(request, *args, **kwargs)


@login_required
def second_factor_required(request: HttpRequest) -> HttpResponse:
    """Says why a staff page did not open and how to set up the second factor."""
    return render(
        request,
        "account/second_factor_required.html",
        {"is_missing": lacks_second_factor(user=request.user)},
    )
