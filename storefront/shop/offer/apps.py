from oscar.apps.offer.apps import OfferConfig as OscarOfferConfig


class OfferConfig(OscarOfferConfig):
    name = "storefront.shop.offer"

    def ready(self) -> None:
        """What lists and the dashboard show as HTML is harmless HTML, whoever wrote it down."""
        from django.db.models.signals import pre_save
        from oscar.core.loading import get_model

        from storefront.shop.markup import description_to_be_saved

        super().ready()
        for app, model in (
            ("offer", "ConditionalOffer"),
            ("offer", "Range"),
            ("shipping", "OrderAndItemCharges"),
            ("shipping", "WeightBased"),
        ):
            pre_save.connect(
                description_to_be_saved,
                sender=get_model(app, model),
                dispatch_uid=f"markup:{app}.{model}",
            )
