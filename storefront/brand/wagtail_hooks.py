"""The look in the CMS: a page of its own among the settings."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.contrib.settings.registry import registry

from storefront.brand import cms_views
from storefront.brand.models import BrandSettings
from storefront.brand.panels import edit_handler

BrandSettings.edit_handler = edit_handler
registry.register(BrandSettings, icon="view", order=100)


@hooks.register("register_admin_urls")
def brand_addresses() -> list[URLPattern]:
    """Buttons and questions of that page."""
    return [
        path("brand/<int:site_id>/check/", cms_views.check, name="brand-check"),
        path("brand/<int:site_id>/preset/<slug:code>/", cms_views.preset, name="brand-preset"),
        path("brand/<int:site_id>/undo/", cms_views.undo, name="brand-undo"),
        path("brand/sample/product/", cms_views.sample_product, name="brand-sample-product"),
        path("brand/sample/mail/", cms_views.sample_mail, name="brand-sample-mail"),
        path("brand/restore/<int:change_id>/", cms_views.restore, name="brand-restore"),
    ]
