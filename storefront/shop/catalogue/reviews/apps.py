from oscar.apps.catalogue.reviews.apps import CatalogueReviewsConfig as OscarReviewsConfig


class CatalogueReviewsConfig(OscarReviewsConfig):
    name = "storefront.shop.catalogue.reviews"
