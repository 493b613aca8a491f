from oscar.apps.dashboard.reviews.apps import ReviewsDashboardConfig as OscarReviewsDashboardConfig


class ReviewsDashboardConfig(OscarReviewsDashboardConfig):
    name = "storefront.shop.dashboard.reviews"
