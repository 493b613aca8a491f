from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class DetailsConfig(AppConfig):
    name = "storefront.shop.details"
    label = "shop_details"
    verbose_name = _("Product details")

    def ready(self) -> None:
        """Forget cached words as soon as one changes."""
        from storefront.shop.details import models, selectors

        for model in (models.AttributePlace, models.AttributeText, models.OptionText):
            for name, signal in (("saved", post_save), ("deleted", post_delete)):
                signal.connect(
                    selectors.forget_words,
                    sender=model,
                    dispatch_uid=f"details.{model.__name__}_{name}",
                )
