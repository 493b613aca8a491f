from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from storefront.accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Sign-ins in Django's admin: without a user name, the e-mail address is the name."""

    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active"]
    search_fields = ["email", "first_name", "last_name"]
    fieldsets = [
        (None, {"fields": ["email", "password", "first_name", "last_name"]}),
        (None, {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]
