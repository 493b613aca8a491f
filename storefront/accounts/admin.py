from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from storefront.accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Sign-ins, without passwords: people set theirs through the password reset."""

    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "last_login", "date_joined"]}),
        (
            _("Rights"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
    ]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person starts without a usable password."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
