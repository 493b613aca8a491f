"""Below `/shop/accounts/privacy/`: consents and the copy of one's data."""

from django.urls import path

from storefront.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.consents, name="consents"),
    path("data/", views.data, name="data"),
    path("data/<str:token>/", views.download, name="download"),
]
