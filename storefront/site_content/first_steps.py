"""The panel on the CMS's home page that says where things are, for whoever may use them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.navigation import get_site_for_user
from wagtail.admin.ui.components import Component

from storefront.site_content.guide import has_guide


class FirstSteps(Component):
    """Links to what an editor does most, each only for who may do it."""

    name = "first_steps"
    template_name = "site_content/first_steps.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The steps of this person."""
        return {"steps": list_steps(user=parent_context["request"].user)}


def list_steps(*, user: Any) -> list[dict[str, str]]:
    """Name, address and a sentence for each step that `user` may take."""
    root = get_site_for_user(user)["root_page"]
    steps = []
    if root is not None:
        steps.append(
            {
                "name": _("Write a page"),
                "url": reverse("wagtailadmin_explore", args=[root.pk]),
                "text": _("Choose where it belongs, add it, look at the preview, then publish it."),
            }
        )
    for right, name, text, address in (
        (
            "brand.change_brandsettings",
            _("Give the shop its look"),
            _("Logo, colours, fonts and corners, or one of three presets; with a preview."),
            "wagtailsettings:edit brand brandsettings",
        ),
        (
            "site_content.change_menu",
            _("Change a menu"),
            _("Header and columns of the footer, in each language."),
            "wagtailsnippets_site_content_menu:list",
        ),
        (
            "site_content.change_notice",
            _("Announce something"),
            _("A bar on top of the site, from one day until another."),
            "wagtailsnippets_site_content_notice:list",
        ),
        (
            "site_content.change_sitetexts",
            _("Change the footer"),
            _("Contact, social networks, ways to pay, and what search engines show."),
            "wagtailsnippets_site_content_sitetexts:list",
        ),
        (
            "wagtailimages.add_image",
            _("Add pictures"),
            _("Set the focal point, and say what is on them."),
            "wagtailimages:index",
        ),
        (
            "simple_translation.submit_translation",
            _("Translate"),
            _("See what is missing or out of date in the other language."),
            "translation_report",
        ),
    ):
        if user.has_perm(right):
            view, *arguments = address.split()
            steps.append({"name": name, "url": reverse(view, args=arguments), "text": text})
    if has_guide():
        steps.append(
            {
                "name": _("Read the guide"),
                "url": reverse("guide"),
                "text": _("From the first draft to a campaign, step by step with pictures."),
            }
        )
    return steps
