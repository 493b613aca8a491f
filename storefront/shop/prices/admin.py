from django.contrib import admin

from storefront.shop.prices.models import BuyerPrice, ShippingCharge, TaxRate


@admin.register(TaxRate)
class TaxRateAdmin(admin.ModelAdmin):
    list_display = ["country", "basis_points", "taxes_shipping"]


@admin.register(ShippingCharge)
class ShippingChargeAdmin(admin.ModelAdmin):
    list_display = ["method", "country", "charge", "free_from", "is_offered"]


@admin.register(BuyerPrice)
class BuyerPriceAdmin(admin.ModelAdmin):
    list_display = ["stockrecord", "buyer_kind", "rank", "min_quantity", "price"]
    raw_id_fields = ["stockrecord"]
