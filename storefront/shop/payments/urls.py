"""Below `/payments/`."""

from django.urls import path

from storefront.shop.payments import views

app_name = "payments"
urlpatterns = [path("webhook/", views.webhook, name="webhook")]
