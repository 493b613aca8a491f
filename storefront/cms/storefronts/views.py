"""`/@<code>/`, a member's page of the shop, and `/my/storefront/`, where the member edits it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlm_plugin.network.selectors import get_member_by_code
from mlm_plugin.shop.referrals import Outcome, follow_referral, may_store
from mlm_plugin.shop.selectors import get_member_for
from mlm_plugin.shop.visits import record_visit
from storefront.cms.storefronts import selectors
from storefront.cms.storefronts.forms import ListingForm, StorefrontForm
from storefront.cms.storefronts.services import save_storefront, set_listing
from storefront.shop.basket.selectors import get_countries
from storefront.shop.catalogue.views import shows_points
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import get_cards_of_products, list_products

# More than any page offers; nobody else sends so many.
MOST_POSTED = 100
LONGEST_NUMBER = 15


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Name, greeting and chosen products; whoever opens it is the member's guest from then on."""
    member = get_member_by_code(code=code)
    if member is None:
        raise Http404
    if not member.may_be_credited:
        messages.info(request, _("This page is not there at the moment. Welcome to our shop."))
        return redirect("/")
    campaign = request.GET.get("c", "")
    outcome, _member_id = follow_referral(request=request, code=member.code, campaign=campaign)
    if outcome != Outcome.OWN:
        record_visit(request=request, member_id=member.pk, campaign=campaign, at=timezone.now())
    content = selectors.get_storefront(member_id=member.pk)
    return render(
        request,
        "storefronts/show.html",
        {
            "member": member,
            "greeting": content.greeting,
            "products": _list(request, content.cards, member),
            "is_own": outcome == Outcome.OWN,
            "canonical": request.build_absolute_uri(reverse("storefront", args=[member.code])),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The member's own form; everybody else is told by the cabinet what it is."""
    member = get_member_for(user=request.user)
    if member is None or not member.may_be_credited:
        return redirect("mlm:my-home")
    content = selectors.get_storefront(member_id=member.pk)
    query = request.GET.get("q", "")
    if request.method == "POST":
        cards = get_cards_of_products(product_ids=_posted_numbers(request))
        form = StorefrontForm(request.POST, cards=cards)
        if form.is_valid():
            save_storefront(
                member_id=member.pk,
                greeting=form.cleaned_data["greeting"],
                product_ids=form.cleaned_data["products"],
            )
            messages.success(request, _("Your page is saved."))
            return redirect("my-storefront")
    offered = {card.pk: card for card in content.cards}
    offered.update({card.pk: card for card in selectors.find_candidates(query=query)})
    if request.method == "POST":
        offered = {card.pk: card for card in cards} | offered
        form.fields["products"].choices = _choices(offered)
    else:
        form = StorefrontForm(
            cards=list(offered.values()),
            initial={
                "greeting": content.greeting,
                "products": [card.pk for card in content.cards],
            },
        )
    return render(
        request,
        "storefronts/edit.html",
        {
            "form": form,
            "listing": _listing_form(member),
            "member": member,
            "page": "storefront",
            "query": query,
        },
    )


@login_required
@require_POST
def list_me(request: HttpRequest) -> HttpResponse:
    """The member agrees to be found by strangers, or takes it back."""
    member = get_member_for(user=request.user)
    if member is None or not member.may_be_credited:
        return redirect("mlm:my-home")
    form = ListingForm(request.POST, countries=get_countries())
    if not form.is_valid():
        messages.error(request, _("That could not be saved. Please look at town and country."))
        return redirect("my-storefront")
    set_listing(member_id=member.pk, at=timezone.now(), **form.cleaned_data)
    if form.cleaned_data["is_listed"]:
        messages.success(request, _("People who look for a member find you now."))
    else:
        messages.success(request, _("Only who has your code finds you now."))
    return redirect("my-storefront")


def _listing_form(member: Any) -> ListingForm:
    said = selectors.get_listing(member_id=member.pk)
    initial = (
        {"is_listed": said.listed_since, "city": said.city, "country": said.country} if said else {}
    )
    return ListingForm(initial=initial, countries=get_countries())


def _list(request: Any, cards: list[ProductCard], member: Any) -> list[Any]:
    """The cards for this buyer; where no cookie may be set, their addresses carry the code."""
    products = list_products(
        cards=cards, strategy=request.strategy, shows_points=shows_points(request)
    )
    if may_store(request=request):
        return products
    return [replace(product, url=f"{product.url}?ref={member.code}") for product in products]


def _choices(cards: dict[int, ProductCard]) -> list[tuple[int, str]]:
    return [(card.pk, card.title_here) for card in cards.values()]


def _posted_numbers(request: HttpRequest) -> list[int]:
    posted = request.POST.getlist("products")[:MOST_POSTED]
    return [
        int(text)
        for text in posted
        if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    ]
