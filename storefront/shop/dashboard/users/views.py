"""Customers and staff as the office sees them: looking at people is not switching them off."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from oscar.apps.dashboard.users import views as oscar_views
from oscar.apps.dashboard.users.views import (
    PasswordResetView,
    ProductAlertDeleteView,
    ProductAlertListView,
    ProductAlertUpdateView,
    UserDetailView,
)

__all__ = [
    "IndexView",
    "PasswordResetView",
    "ProductAlertDeleteView",
    "ProductAlertListView",
    "ProductAlertUpdateView",
    "UserDetailView",
]


class IndexView(oscar_views.IndexView):
    """Oscar's list; its buttons, which Oscar gives to all who may look, take the right to change."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("accounts.change_user"):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)
