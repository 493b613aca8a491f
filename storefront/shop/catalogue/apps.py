from django.db.models.signals import post_delete, post_save
from oscar.apps.catalogue.apps import CatalogueConfig as OscarCatalogueConfig


class CatalogueConfig(OscarCatalogueConfig):
    name = "storefront.shop.catalogue"

    def ready(self) -> None:
        """Forget the cached way to the categories as soon as one changes."""
        super().ready()
        from storefront.shop.catalogue.trails import forget_steps
        from storefront.shop.listing.models import CategoryText

        for model in (self.get_model("Category"), CategoryText):
            for name, signal in (("saved", post_save), ("deleted", post_delete)):
                uid = f"trails.{model.__name__}_{name}"
                signal.connect(forget_steps, sender=model, dispatch_uid=uid)
