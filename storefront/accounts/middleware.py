"""Staff pages open only with a second factor, where the installation demands it."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from storefront.accounts.selectors import lacks_second_factor

STAFF_PREFIXES = ("/dashboard/", "/cms/", "/admin/")


class SecondFactorMiddleware:
    """Sends people who work on the site to set up a second factor first.

    Only staff addresses are looked at, so visitors and customers cost no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path_info.startswith(STAFF_PREFIXES)
            and request.user.is_authenticated
            and lacks_second_factor(user=request.user)
        ):
            return redirect_to_login(
                request.get_full_path(), reverse("accounts_second_factor_required")
            )
        return self.get_response(request)
