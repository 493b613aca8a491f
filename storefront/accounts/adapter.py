"""allauth's seam: where people land after signing in, and what leaves with them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from storefront.accounts.selectors import CMS_ACCESS


class AccountAdapter(DefaultAccountAdapter):
    """Sends everyone to the page of their role, unless they were on the way to another."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The dashboard for staff, the CMS for marketers, the account for everyone else."""
        user = request.user
        if user.is_authenticated and user.is_staff:
            return reverse("dashboard:index")
        if user.is_authenticated and user.has_perm(CMS_ACCESS):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and forget what this browser looked at; Oscar's middleware drops the cookies."""
        super().logout(request)
        cookies_to_delete = getattr(request, "cookies_to_delete", None)
        if cookies_to_delete is not None:
            cookies_to_delete.extend(settings.OSCAR_COOKIES_DELETE_ON_LOGOUT)
