from django.contrib.admin.apps import AdminConfig


class SuperuserAdminConfig(AdminConfig):
    """Django's admin with our site object: superusers only, no sign-in form of its own."""

    default_site = "storefront.accounts.admin_site.SuperuserAdminSite"
