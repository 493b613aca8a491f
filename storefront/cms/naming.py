"""The site's own name and host, as the sites framework and Wagtail keep them in tables."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.conf import settings


def name_sites_after_migrate(sender: AppConfig, **kwargs: Any) -> None:
    """Tables say the same as `BASE_URL` and `SHOP_NAME`; mails take addresses from them."""
    migrated = kwargs.get("apps", current_apps)
    if not all(label in migrated.all_models for label in ("sites", "wagtailcore")):
        return
    from django.contrib.sites.models import Site
    from wagtail.models import Site as CmsSite

    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    Site.objects.update_or_create(
        pk=settings.SITE_ID,
        defaults={"domain": address.netloc[:100], "name": settings.OSCAR_SHOP_NAME[:50]},
    )
    port = address.port or (443 if address.scheme == "https" else 80)
    site = CmsSite.objects.filter(is_default_site=True).first()
    if site and (site.hostname, site.port) != (address.hostname, port):
        site.hostname, site.port = address.hostname or "localhost", port
        site.site_name = settings.OSCAR_SHOP_NAME
        site.save()
