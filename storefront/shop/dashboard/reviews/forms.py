"""The search for reviews, for dates that a calendar has."""

from oscar.apps.dashboard.reviews import forms as oscar_forms
from oscar.apps.dashboard.reviews.forms import DashboardProductReviewForm

from storefront.shop.dates import SensibleDates

__all__ = ["DashboardProductReviewForm", "ProductReviewSearchForm"]


class ProductReviewSearchForm(SensibleDates, oscar_forms.ProductReviewSearchForm):
    """Oscar's."""
