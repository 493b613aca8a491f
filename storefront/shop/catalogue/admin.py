"""Oscar's admin, and a category's words in the other languages."""

from django.contrib import admin
from oscar.apps.catalogue.admin import *  # noqa: F403
from oscar.apps.catalogue.admin import CategoryAdmin

from storefront.shop.listing.models import CategoryText


class CategoryTextInline(admin.TabularInline):
    model = CategoryText
    extra = 0


CategoryAdmin.inlines = [*CategoryAdmin.inlines, CategoryTextInline]
