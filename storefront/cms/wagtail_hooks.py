"""What the CMS's admin takes in from us."""

from typing import Any

from wagtail import hooks

from storefront.cms.choosers import product_chooser_viewset


@hooks.register("register_admin_viewset")
def register_product_chooser() -> Any:
    """The window in which products are chosen."""
    return product_chooser_viewset
