from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "storefront.shop.payments"
    label = "shop_payments"
