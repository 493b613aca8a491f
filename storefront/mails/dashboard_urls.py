"""Below `/dashboard/mails/`: what mails say, for the staff."""

from django.urls import path

from storefront.mails import dashboard

app_name = "mail-texts"
urlpatterns = [
    path("", dashboard.list_mails, name="list"),
    path("samples/", dashboard.show_samples, name="samples"),
    path("<slug:kind>/<slug:language>/", dashboard.edit_texts, name="edit"),
    path("<slug:kind>/<slug:language>/reset/", dashboard.reset, name="reset"),
    path("<slug:kind>/<slug:language>/test/", dashboard.send_test, name="test"),
    path("<slug:kind>/<slug:language>/preview/", dashboard.preview, name="preview"),
]
