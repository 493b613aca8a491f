"""What a menu is made of in the editor: pages, categories, products and addresses, nested one level."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.categories import CategoryBlock
from storefront.cms.blocks.products import ProductBlock
from storefront.site_content.addresses import validate_address, validate_web_address

NAME_HELP = _("What the menu says; the name of what it leads to where it is empty.")


def _name() -> blocks.CharBlock:
    return blocks.CharBlock(label=_("Name"), required=False, max_length=60, help_text=NAME_HELP)


class PageEntry(blocks.StructBlock):
    """Leads to a page of the CMS, or to a place on it; in other languages to its translation."""

    page = blocks.PageChooserBlock(label=_("Page"))
    name = _name()
    anchor = blocks.RegexBlock(
        label=_("Place on the page"),
        required=False,
        max_length=60,
        regex=r"^[\w-]+$",
        error_messages={"invalid": _("Letters, digits and hyphens only.")},
        help_text=_("The anchor of a heading, without #."),
    )

    class Meta:
        icon = "doc-empty-inverse"
        label = _("Page")


class CategoryEntry(blocks.StructBlock):
    """Leads to a category of the shop."""

    category = CategoryBlock(label=_("Category"))
    name = _name()

    class Meta:
        icon = "folder-open-inverse"
        label = _("Category")


class ProductEntry(blocks.StructBlock):
    """Leads to a product."""

    product = ProductBlock(label=_("Product"))
    name = _name()

    class Meta:
        icon = "tag"
        label = _("Product")


class AddressEntry(blocks.StructBlock):
    """Leads anywhere, or is only the heading of what is below it."""

    name = blocks.CharBlock(label=_("Name"), max_length=60)
    address = blocks.CharBlock(
        label=_("Address"),
        required=False,
        max_length=500,
        validators=[validate_address],
        help_text=_("/shop/offers/, #prices or https://…; a heading without a link where empty."),
    )

    class Meta:
        icon = "link"
        label = _("Address")


class LeafBlock(blocks.StreamBlock):
    """Entries of the second level."""

    page = PageEntry()
    category = CategoryEntry()
    product = ProductEntry()
    address = AddressEntry()

    class Meta:
        required = False
        label = _("Below it")


class PageBranch(PageEntry):
    """A page with entries below it."""

    entries = LeafBlock()


class CategoryBranch(CategoryEntry):
    """A category with entries below it: chosen ones, or its own subcategories."""

    with_subcategories = blocks.BooleanBlock(
        label=_("List its subcategories by itself"), required=False, default=True
    )
    entries = LeafBlock()


class AddressBranch(AddressEntry):
    """An address, or only a heading, with entries below it."""

    entries = LeafBlock()


class MenuBlock(blocks.StreamBlock):
    """A whole menu; entries are dragged into order."""

    page = PageBranch()
    category = CategoryBranch()
    product = ProductEntry()
    address = AddressBranch()


class SocialLink(blocks.StructBlock):
    """A page of the company in a social network."""

    name = blocks.CharBlock(label=_("Name"), max_length=40)
    address = blocks.CharBlock(
        label=_("Address"), max_length=500, validators=[validate_web_address]
    )

    class Meta:
        icon = "link"
        label = _("Social network")


class SocialLinksBlock(blocks.StreamBlock):
    """The social networks of the footer."""

    link = SocialLink()

    class Meta:
        required = False
