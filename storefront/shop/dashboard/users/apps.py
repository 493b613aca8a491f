from oscar.apps.dashboard.users.apps import UsersDashboardConfig as OscarUsersDashboardConfig


class UsersDashboardConfig(OscarUsersDashboardConfig):
    name = "storefront.shop.dashboard.users"
