"""Every address of the site. Wagtail's pages come last: whatever no one else knows is a page."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from storefront import health

urlpatterns = [
    path("healthz", health.process_is_up, name="healthz"),
    path("readyz", health.site_is_ready, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("shop/", include(apps.get_app_config("oscar").urls[0])),
    path("dashboard/", apps.get_app_config("dashboard").urls),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("admin/", admin.site.urls),
    path("", include("mlm_plugin.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(wagtail_urls)),
]
