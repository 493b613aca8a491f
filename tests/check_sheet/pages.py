"""Which pages the check sheet shows, and who looks at them. Needs the demo company."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from oscar.core.loading import get_model
from wagtail.models import Page, Site

from storefront.demo.logins import STAFF, email_of
from tests.test_pages import ROLES, read_table
from tests.urls_walk import walk

AREAS = {
    "shop": "Shop",
    "checkout": "Checkout",
    "content": "Pages of the CMS",
    "sign-in": "Sign-in and security",
    "account": "The customer's account",
    "members": "Members",
    "staff": "Staff: orders and what follows",
    "catalogue": "Staff: catalogue, customers, network",
    "cms": "The CMS itself",
}
# Answers to programs, and pictures.
NOT_PAGES = {
    "healthz", "readyz", "favicon", "manifest", "robots", "sitemap", "mlm:my-qr-svg",
    "mlm:my-qr-png", "search:suggest",
}  # fmt: skip
STRANGER = ""
ADMIN, OPERATOR, FINANCE, MARKETER = (
    next(login.email for login in STAFF if login.role == role)
    for role in ("", "Operators", "Finance", "Marketers")
)


@dataclass(frozen=True)
class Shot:
    """One page: where it belongs, its caption, who looks ("" is a stranger), its addresses."""

    area: str
    name: str
    who: str
    address: str
    russian: str = ""

    def address_in(self, language: str) -> str:
        """Pages of the CMS have one address per language, all others follow the visitor."""
        return self.russian if language == "ru" and self.russian else self.address


def collect_shots() -> list[Shot]:
    """Every page, area by area; what is shown of an order is the first that has it all."""
    shots = [*_rest_of_shop(), *_pages_of_cms(), *_order_pages(), *_rest_of_staff(), *_cms_itself()]
    known = {shot.address for shot in shots}
    shots += [shot for shot in shots_of_table(_people()) if shot.address not in known]
    order = list(AREAS)
    return sorted(shots, key=lambda shot: order.index(shot.area))


def shots_of_table(people: dict[str, str]) -> list[Shot]:
    """Each page of the table of `tests/test_pages.py` that opens to somebody, once."""
    shots = []
    for name, answers in read_table():
        role = next((role for role in ROLES if answers[role] == "ok"), "")
        if role and name not in NOT_PAGES:
            area = _area_of(name)
            who = people["member" if area == "members" and name != "mlm:join" else role]
            shots.append(Shot(area, name, who, _address(name)))
    return shots


def _area_of(name: str) -> str:
    if name in ("mlm:join", "my-storefront") or name.startswith("mlm:"):
        return "members"
    if name.startswith(("customer:", "privacy:", "payments:")):
        return "account"
    if name.startswith(("account_", "accounts_", "mfa_")):
        return "sign-in"
    return "staff" if name == "style-page" else "shop"


def _address(name: str) -> str:
    if name.endswith(":"):
        return next(each.path for each in walk() if each.name == name and not each.takes_arguments)
    return reverse(name)


def _people() -> dict[str, str]:
    return {
        "stranger": STRANGER,
        "customer": _shown_order().user.email,
        "member": email_of("ada"),
        "operator": OPERATOR,
        "finance": FINANCE,
        "marketer": MARKETER,
        "root": ADMIN,
    }


def _shown_order() -> Any:
    """An order that can be sent back: it has arrived, and its buyer has an account."""
    orders = get_model("order", "Order").objects.filter(user__isnull=False).order_by("-pk")
    return orders.filter(parcels__delivered_at__isnull=False, returns=None).first()


def _rest_of_shop() -> Iterator[Shot]:
    category = get_model("catalogue", "Category").objects.browsable().first()
    products = get_model("catalogue", "Product").objects.browsable()
    parent = products.filter(structure="parent").first()
    alone = products.filter(structure="standalone").first()
    yield Shot("shop", "category", STRANGER, category.get_absolute_url())
    yield Shot("shop", "product with sizes", STRANGER, parent.get_absolute_url())
    yield Shot("shop", "product without", STRANGER, alone.get_absolute_url())
    yield Shot("shop", "product seen by a member", email_of("ada"), parent.get_absolute_url())
    reviews = f"{alone.get_absolute_url()}reviews/"
    yield Shot("shop", "reviews", STRANGER, reviews)
    yield Shot("shop", "search with results", STRANGER, f"{reverse('search:search')}?q=linen")
    yield Shot("shop", "search without", STRANGER, f"{reverse('search:search')}?q=qqqqqq")


def _pages_of_cms() -> Iterator[Shot]:
    home = Site.objects.get(is_default_site=True).root_page
    for page in Page.objects.live().descendant_of(home, inclusive=True).order_by("path"):
        russian = page.get_translations().live().filter(locale__language_code="ru").first()
        yield Shot(
            "content", page.title, STRANGER, page.url, russian.url if russian is not None else ""
        )


def _order_pages() -> Iterator[Shot]:
    order = _shown_order()
    mine = reverse("customer:order", args=[order.number])
    yield Shot("account", "order", order.user.email, mine)
    yield Shot("account", "send something back", order.user.email, f"{mine}return/")
    returned = get_model("order", "Order").objects.filter(
        user__isnull=False, returns__state="approved"
    )
    if with_return := returned.first():
        number = with_return.returns.first().number
        address = reverse("orders:return", args=[with_return.number, number])
        yield Shot("account", "return", with_return.user.email, address)
        yield Shot("account", "return slip", with_return.user.email, f"{address}slip/")


def _rest_of_staff() -> Iterator[Shot]:
    order = _shown_order()
    product = order.lines.first().product
    product = product.parent or product
    to_send = get_model("order", "Order").objects.filter(status__in=["Paid", "Packed"]).first()
    for name, arguments in (
        ("index", []),
        ("order-work", []),
        ("order-list", []),
        ("order-detail", [order.number]),
        ("order-parcel", [to_send.number if to_send else order.number]),
        ("order-refund", [order.number]),
        ("return-list", []),
        *(("return-detail", [each.number]) for each in _returns()),
        ("trouble-list", []),
        ("reviews-list", []),
        ("question-list", []),
    ):
        yield Shot("staff", name, ADMIN, reverse(f"dashboard:{name}", args=arguments))
    yield Shot("staff", "mails", ADMIN, reverse("mail-texts:list"))
    yield Shot(
        "staff", "a mail's words", ADMIN, reverse("mail-texts:edit", args=["order-placed", "en"])
    )
    for name, arguments in (
        ("catalogue-product-list", []),
        ("catalogue-product", [product.pk]),
        ("catalogue-category-list", []),
        ("catalogue-filters", []),
        ("attribute-words", []),
        ("catalogue-price-list", []),
        ("tax-and-delivery", []),
        ("stock-alert-list", []),
        ("offer-list", []),
        ("voucher-list", []),
        ("users-index", []),
        ("reports-index", []),
    ):
        yield Shot("catalogue", name, ADMIN, reverse(f"dashboard:{name}", args=arguments))
    for name, arguments in (
        ("staff-members", []),
        ("staff-member", ["ADA"]),
        ("staff-customers", []),
        ("staff-books", []),
        ("staff-plans", []),
        ("staff-log", []),
    ):
        yield Shot("catalogue", name, ADMIN, reverse(f"mlm:{name}", args=arguments))
    page_of_ada, ben = (
        reverse("storefront", args=["ADA"]),
        reverse("mlm:my-team-member", args=["BEN"]),
    )
    yield Shot("members", "a member's page of the shop", STRANGER, page_of_ada)
    yield Shot("members", "a member of the team", email_of("ada"), ben)


def _returns() -> list[Any]:
    from storefront.shop.returns.models import ReturnRequest

    states = ("requested", "approved", "received")
    found = (ReturnRequest.objects.filter(state=state).first() for state in states)
    return [each for each in found if each is not None]


def _cms_itself() -> Iterator[Shot]:
    site = Site.objects.get(is_default_site=True)
    for name, address in (
        ("home of the CMS", reverse("wagtailadmin_home")),
        ("pages", reverse("wagtailadmin_explore", args=[site.root_page_id])),
        ("a page", reverse("wagtailadmin_pages:edit", args=[site.root_page_id])),
        ("look", reverse("wagtailsettings:edit", args=["brand", "brandsettings", site.pk])),
        ("menus", reverse("wagtailsnippets_site_content_menu:list")),
        ("notices", reverse("wagtailsnippets_site_content_notice:list")),
        ("translations", reverse("translation_report")),
        ("pictures", reverse("wagtailimages:index")),
    ):
        yield Shot("cms", name, MARKETER, address)
