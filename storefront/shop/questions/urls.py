"""Asking about a product, and confirming the address one asks from."""

from django.urls import path

from storefront.shop.questions import views

urlpatterns = [
    path("confirm/<str:key>/", views.ConfirmView.as_view(), name="product-question-confirm"),
    path("<int:product_pk>/", views.QuestionsView.as_view(), name="product-questions"),
]
