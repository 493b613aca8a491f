"""Django's admin: a tool for superusers, behind the same sign-in as everything else."""

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse


class SuperuserAdminSite(AdminSite):
    """Opens for superusers; its login and password pages lead to allauth's."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff work in the dashboard; raw tables are for superusers."""
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        """Send a stranger to sign in and back; refuse someone who is signed in as another role."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(target, reverse("account_login"))

    def password_change(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponseBase:
        """Passwords are changed in one place for everybody."""
        return redirect("account_change_password")
