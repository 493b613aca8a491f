from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "storefront.shop.returns"
    label = "shop_returns"
    verbose_name = _("Returns")

    def ready(self) -> None:
        """Hang up the bells."""
        from storefront.shop.returns import receivers

        receivers.connect()
