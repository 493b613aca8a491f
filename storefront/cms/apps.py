from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    name = "storefront.cms"
    label = "cms"

    def ready(self) -> None:
        """Connect the doorbells, all in this one visible place, and set the pictures' encoder."""
        from wagtail.signals import page_published

        from storefront.cms import receivers
        from storefront.cms.models import LegalPage
        from storefront.cms.naming import name_sites_after_migrate
        from storefront.cms.pictures import encode_quickly

        encode_quickly()

        post_migrate.connect(
            name_sites_after_migrate, sender=self, dispatch_uid="cms.name_sites_after_migrate"
        )
        page_published.connect(
            receivers.legal_page_published,
            sender=LegalPage,
            dispatch_uid="cms.legal_page_published",
        )
        page_published.connect(receivers.page_published, dispatch_uid="cms.page_published")
