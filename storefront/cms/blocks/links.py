"""Where a button leads: a page, a category, the shop, enrolment, or an address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from storefront.cms.blocks.categories import CategoryBlock, find_category
from storefront.cms.blocks.preloading import PreloadedPageChooser

# A place on this site, or another site, safely; mail and telephone as people write them.
ADDRESS = RegexValidator(
    r"\A(https://[^\s<>\"']+|/(?!/)[^\s<>\"'\\]*|mailto:[^\s<>\"']+|tel:\+?[0-9 ()-]+)\Z",
    _("Begin with https:// for another site, with / for a place on this one, or mailto:, tel:."),
)


class ButtonValue(blocks.StructValue):
    """A button whose address is worked out when it is shown."""

    @property
    def url(self) -> str:
        """Where it leads; empty when that place is gone, and then there is no button."""
        match self.get("goes_to"):
            case "page":
                page = self.get("page")
                return (page.url or "") if page and page.live else ""
            case "category":
                category = find_category(self.get("category"))
                return category.url if category else ""
            case "shop":
                return reverse("catalogue:index")
            case "join":
                return reverse("mlm:join")
            case "address":
                return self.get("address") or ""
        return ""

    @property
    def words(self) -> str:
        """What stands on it: as typed, or what the place is called."""
        if self.get("label"):
            return str(self["label"])
        match self.get("goes_to"):
            case "page":
                return self["page"].title if self.get("page") else ""
            case "category":
                category = find_category(self.get("category"))
                return category.name if category else ""
            case "shop":
                return str(_("See all products"))
            case "join":
                return str(_("Become a member"))
        return str(_("Read more"))


class ButtonBlock(blocks.StructBlock):
    """A button; empty means no button."""

    goes_to = blocks.ChoiceBlock(
        choices=[
            ("page", _("A page of this site")),
            ("category", _("A category of the shop")),
            ("shop", _("All products")),
            ("join", _("Becoming a member")),
            ("address", _("An address")),
        ],
        required=False,
        label=_("Leads to"),
        help_text=_("Leave empty for no button."),
    )
    page = PreloadedPageChooser(required=False, label=_("Page"))
    category = CategoryBlock(required=False, label=_("Category"))
    address = blocks.CharBlock(
        required=False, max_length=500, validators=[ADDRESS], label=_("Address")
    )
    label = blocks.CharBlock(
        required=False,
        max_length=40,
        label=_("Words on the button"),
        help_text=_("A verb and what happens: “See all soaps”. Empty: the name of the place."),
    )

    class Meta:
        icon = "link"
        label = _("Button")
        value_class = ButtonValue
        template = "cms/blocks/button.html"
        collapsed = True

    def clean(self, value: Any) -> Any:
        """What is chosen above must be filled in below."""
        cleaned = super().clean(value)
        chosen = cleaned.get("goes_to")
        if chosen in {"page", "category", "address"} and not cleaned.get(chosen):
            missing = ValidationError(_("Say where the button leads, or choose no button."))
            raise StructBlockValidationError(block_errors={chosen: missing})
        return cleaned
