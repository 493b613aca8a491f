from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class StorefrontShopConfig(AppConfig):
    name = "storefront.shop"
    label = "shop"
    verbose_name = _("Shop")

    def ready(self) -> None:
        """Whatever changes the menu drops the cached one."""
        from oscar.core.loading import get_model
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from storefront.navigation import forget_menu

        category = get_model("catalogue", "Category")
        post_save.connect(forget_menu, sender=category, dispatch_uid="menu:category_saved")
        post_delete.connect(forget_menu, sender=category, dispatch_uid="menu:category_deleted")
        texts = get_model("shop_listing", "CategoryText")
        post_save.connect(forget_menu, sender=texts, dispatch_uid="menu:category_text_saved")
        post_delete.connect(forget_menu, sender=texts, dispatch_uid="menu:category_text_deleted")
        page_published.connect(forget_menu, dispatch_uid="menu:page_published")
        page_unpublished.connect(forget_menu, dispatch_uid="menu:page_unpublished")
        post_page_move.connect(forget_menu, dispatch_uid="menu:page_moved")
