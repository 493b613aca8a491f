"""Which of Oscar's apps run as they are and which are forked for their classes.

A fork's models file is one star import and its migrations stay Oscar's own, so `OSCAR_FORKS` maps
the app label to Oscar's package; only forks that have models are listed.
"""

OSCAR_FORKS = {
    "basket": "basket",
    "catalogue": "catalogue",
    "customer": "customer",
    "offer": "offer",
    "order": "order",
    "partner": "partner",
    "reviews": "catalogue.reviews",
    "shipping": "shipping",
}

OSCAR_APPS = [
    "storefront.shop.config.ShopConfig",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "storefront.shop.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "storefront.shop.shipping.apps.ShippingConfig",
    "storefront.shop.catalogue.apps.CatalogueConfig",
    "storefront.shop.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "storefront.shop.partner.apps.PartnerConfig",
    "storefront.shop.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "storefront.shop.offer.apps.OfferConfig",
    "storefront.shop.order.apps.OrderConfig",
    "storefront.shop.customer.apps.CustomerConfig",
    "storefront.shop.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "storefront.shop.dashboard.apps.DashboardConfig",
    "storefront.shop.dashboard.reports.apps.ReportsDashboardConfig",
    "storefront.shop.dashboard.users.apps.UsersDashboardConfig",
    "storefront.shop.dashboard.orders.apps.OrdersDashboardConfig",
    "storefront.shop.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "storefront.shop.dashboard.offers.apps.OffersDashboardConfig",
    "storefront.shop.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "storefront.shop.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
]
