from django.urls import URLPattern, URLResolver, path
from oscar.apps.dashboard.apps import DashboardConfig as OscarDashboardConfig


class DashboardConfig(OscarDashboardConfig):
    name = "storefront.shop.dashboard"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Oscar's dashboard; its sign-in pages are a way to allauth."""
        from storefront.accounts.views import LeadsTo

        leads_to = {"login": "account_login", "logout": "account_logout"}
        return [
            path(str(pattern.pattern), LeadsTo.named(leads_to[pattern.name]), name=pattern.name)
            if isinstance(pattern, URLPattern) and pattern.name in leads_to
            else pattern
            for pattern in super().get_urls()
        ]
