from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FulfilmentConfig(AppConfig):
    name = "storefront.shop.fulfilment"
    label = "shop_fulfilment"
    verbose_name = _("Parcels")
