from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteContentConfig(AppConfig):
    name = "storefront.site_content"
    label = "site_content"
    verbose_name = _("Menus and notices")

    def ready(self) -> None:
        """Connect the doorbells, all in this one visible place."""
        from storefront.site_content import approval, receivers

        receivers.connect()
        approval.connect()
