from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    name = "storefront.cms"
    label = "cms"

    def ready(self) -> None:
        """Connect the doorbells, all in this one visible place."""
        from storefront.cms.naming import name_sites_after_migrate

        post_migrate.connect(
            name_sites_after_migrate, sender=self, dispatch_uid="cms.name_sites_after_migrate"
        )
