"""What the payment provider calls."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from storefront.shop.payments import gateway
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
