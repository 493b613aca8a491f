from oscar.apps.dashboard.partners.apps import PartnersDashboardConfig as OscarPartnersConfig


class PartnersDashboardConfig(OscarPartnersConfig):
    name = "storefront.shop.dashboard.partners"
