"""Oscar's basket pages where ours differ."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from oscar.apps.basket import views as oscar_views
from oscar.apps.basket.views import *  # noqa: F403
from oscar.core.utils import redirect_to_referrer

from storefront.shop.listing.selectors import get_cards_of_products, get_picture, name_lines


class BasketView(oscar_views.BasketView):
    """The basket; outsiders of a closed shop are told whom it is for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.strategy.shows_prices:  # type: ignore[attr-defined]
            return render(request, "oscar/basket/members_only.html")
        return super().dispatch(request, *args, **kwargs)

    def get_default_shipping_address(self) -> None:
        """The goods' prices are for the destination of the session, so the charge is too."""
        return

    def get_basket_warnings(self, basket: Any) -> list[str]:
        """Oscar's warnings, except of a price that only follows the quantity."""
        found = []
        for line in basket.all_lines():
            alone = basket.strategy.price_for(line.stockrecord, quantity=1)
            if alone.exists and alone.incl_tax == line.price_incl_tax:
                continue
            warning = line.get_warning()
            if warning:
                found.append(warning)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every line gets its `picture`, from the product's card, and its `description_here`."""
        context = super().get_context_data(**kwargs)
        lines = name_lines(lines=[form.instance for form in context["formset"]])
        name_lines(lines=[form.instance for form in context.get("saved_formset") or ()])
        heads = {line.product.parent_id or line.product_id for line in lines}
        cards = {card.pk: card for card in get_cards_of_products(product_ids=list(heads))}
        for line in lines:
            card = cards.get(line.product.parent_id or line.product_id)
            has_picture = card is not None and card.pictures
            line.picture = get_picture(card.pictures[0], size="small") if has_picture else None
        return context


class BasketAddView(oscar_views.BasketAddView):
    """Puts a product into the basket and comes back to the page it was on."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; Oscar would also keep everything that was sent in the session."""
        for errors in form.errors.values():
            for error in errors:
                messages.error(self.request, error)
        return redirect_to_referrer(self.request, "basket:summary")


class VoucherAddView(oscar_views.VoucherAddView):
    """Adds a voucher code; a wrong one is named, not repeated at any length."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("Please enter a voucher code as it is printed."))
        return redirect_to_referrer(self.request, "basket:summary")
