"""Doorbells: what is saved in the CMS shows at once."""

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from storefront.navigation import forget_menu
from storefront.site_content.alternates import forget_alternates
from storefront.site_content.models import ErrorText, Menu, Notice, NoticeText, SiteTexts
from storefront.site_content.selectors import forget_frame
from storefront.site_content.sites import forget_sites


def connect() -> None:
    """Hang up the bells; called once, from the app's `ready()`."""
    for signal in (post_save, post_delete):
        name = "saved" if signal is post_save else "deleted"
        signal.connect(forget_menu, sender=Menu, dispatch_uid=f"site_content:menu_{name}")
        signal.connect(forget_sites, sender=Site, dispatch_uid=f"site_content:site_{name}")
        for model in (SiteTexts, Notice, NoticeText, ErrorText):
            signal.connect(
                forget_frame,
                sender=model,
                dispatch_uid=f"site_content:{model._meta.model_name}_{name}",
            )
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(forget_alternates, dispatch_uid="site_content:forget_alternates")
    post_delete.connect(forget_alternates, sender=Page, dispatch_uid="site_content:page_deleted")
