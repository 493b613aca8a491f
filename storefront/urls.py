"""Every address of the site. Wagtail's pages come last: whatever no one else knows is a page."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from storefront import consent, health
from storefront.accounts.views import Door, LeadsTo
from storefront.cms import urls as cms_urls
from storefront.cms.storefronts import views as storefronts
from storefront.languages import page_trees, switch_language
from storefront.site_content import robots, sitemaps
from storefront.site_content.notices import close as close_notice

urlpatterns = [
    path("healthz", health.process_is_up, name="healthz"),
    path("readyz", health.site_is_ready, name="readyz"),
    path("language/", switch_language, name="set_language"),
    path("consent/", consent.answer, name="consent"),
    path("robots.txt", robots.show, name="robots"),
    path("sitemap.xml", sitemaps.show_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.show_part, name="sitemap_part"),
    path("notices/close/", close_notice, name="close_notice"),
    path("", include("storefront.brand.urls")),
    path("accounts/", include("storefront.accounts.urls")),
    path("shop/accounts/privacy/", include("storefront.privacy.urls")),
    path("mail/", include("storefront.mails.urls")),
    path("shop/questions/", include("storefront.shop.questions.urls")),
    path("shop/accounts/", include("storefront.shop.order.urls")),
    path("shop/", include(apps.get_app_config("oscar").urls[0])),
    path("payments/", include("storefront.shop.payments.urls")),
    path("dashboard/mails/", include("storefront.mails.dashboard_urls")),
    path("dashboard/", apps.get_app_config("dashboard").urls),
    # Wagtail's own sign-in doors, closed before its addresses are read.
    path("cms/login/", Door.named("account_login"), name="cms_door"),
    path("cms/password_reset/", LeadsTo.named("account_reset_password")),
    path("_util/login/", Door.named("account_login"), name="page_door"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("admin/", admin.site.urls),
    path("@<str:code>/", storefronts.show, name="storefront"),
    path("my/storefront/", storefronts.edit, name="my-storefront"),
    path("my/storefront/listing/", storefronts.list_me, name="my-listing"),
    path("", include("mlm_plugin.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    page_trees(cms_urls),
]
