from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class BrandConfig(AppConfig):
    name = "storefront.brand"
    label = "brand"
    verbose_name = _("Look")

    def ready(self) -> None:
        """A saved look, or a site with another host, drops what is cached."""
        from wagtail.models import Site

        from storefront.brand.models import BrandSettings
        from storefront.brand.services import forget_looks

        for model in (BrandSettings, Site):
            for signal in (post_save, post_delete):
                signal.connect(
                    forget_looks,
                    sender=model,
                    dispatch_uid=f"brand.forget.{model.__name__}.{id(signal)}",
                )
