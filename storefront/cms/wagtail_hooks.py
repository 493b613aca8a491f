"""What the CMS's admin takes in from us."""

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks

from storefront.cms.choosers import product_chooser_viewset

READ_MESSAGES = "wagtailforms.view_formsubmission"


@hooks.register("filter_form_submissions_for_user")
def keep_messages_to_their_readers(user: Any, forms: QuerySet[Any]) -> QuerySet[Any]:
    """Wagtail shows what strangers wrote to everybody who may edit the page of the form."""
    return forms if user.has_perm(READ_MESSAGES) else forms.none()


@hooks.register("register_admin_viewset")
def register_product_chooser() -> Any:
    """The window in which products are chosen."""
    return product_chooser_viewset
