from django.apps import AppConfig


class PricesConfig(AppConfig):
    name = "storefront.shop.prices"
    label = "shop_prices"
