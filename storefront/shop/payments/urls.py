"""Below `/payments/`."""

from django.urls import path

from storefront.shop.payments import views

app_name = "payments"
urlpatterns = [
    path("webhook/", views.webhook, name="webhook"),
    path("cards/", views.list_cards, name="cards"),
    path("cards/<int:card_id>/remove/", views.remove_card, name="card-remove"),
]
