"""Below `/mail/`: what links in mails lead to."""

from django.urls import path

from storefront.mails import views

app_name = "mails"
urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("basket/<str:token>/", views.restore_basket, name="basket"),
]
