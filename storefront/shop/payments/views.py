"""What the payment provider calls, and the cards that somebody keeps there."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from storefront.shop.payments import cards, gateway
from storefront.shop.payments.selectors import get_saved_cards
from storefront.shop.payments.services import receive_event

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Signed events: 400 for a bad signature, 503 to be called again, 200 for all that is done."""
    try:
        event = gateway.read_event(
            body=request.body, signature=request.headers.get("Stripe-Signature", "")
        )
    except gateway.BadSignature:
        return HttpResponse(status=400)
    try:
        receive_event(event=event, at=timezone.now())
    except gateway.Unreachable:
        logger.warning("event %s waits: the provider gave no answer", event.id)
        return HttpResponse(status=503)
    return HttpResponse(status=200)


@require_GET
@login_required
def list_cards(request: HttpRequest) -> HttpResponse:
    """The cards of whoever is signed in."""
    return render(request, "shop/saved_cards.html", {"cards": get_saved_cards(user=request.user)})


@require_POST
@login_required
def remove_card(request: HttpRequest, card_id: int) -> HttpResponse:
    """Forget one card; cards of others do not exist."""
    card = get_object_or_404(request.user.saved_cards, pk=card_id)  # type: ignore[union-attr]
    try:
        cards.remove_card(card=card)
    except gateway.Unreachable:
        messages.error(request, _("The card could not be removed just now. Please try again."))
    else:
        messages.success(request, _("%(card)s is removed.") % {"card": card})
    return redirect("payments:cards")
