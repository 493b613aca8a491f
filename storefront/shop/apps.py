from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StorefrontShopConfig(AppConfig):
    name = "storefront.shop"
    label = "shop"
    verbose_name = _("Shop")
