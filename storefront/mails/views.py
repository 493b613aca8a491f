"""What the links in mails lead to, for people who need not be signed in."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from oscar.core.loading import get_model

from storefront.mails.links import BadLink, read_basket, read_unsubscribe
from storefront.privacy.models import ConsentRecord
from storefront.privacy.purposes import PURPOSES
from storefront.privacy.services import record_consent
from storefront.shop.basket.services import fill_up
from storefront.shop.listing.naming import name_lines


# A mail program presses the button itself and has no token of ours (RFC 8058); the address is
# signed, and all it can do is to withdraw.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw one consent. Looking at the page changes nothing, since mail programs look ahead."""
    try:
        user_id, purpose = read_unsubscribe(token=token)
    except BadLink:
        return render(request, "mail/link_not_valid.html", status=404)
    user = get_user_model().objects.filter(pk=user_id).first()
    if user is None or purpose not in PURPOSES:
        return render(request, "mail/link_not_valid.html", status=404)
    if request.method == "POST":
        record_consent(
            user=user,
            purpose=purpose,
            given=False,
            source=ConsentRecord.Source.MAIL,
            language=get_language() or "en",
            at=timezone.now(),
        )
    context = {"purpose": PURPOSES[purpose], "is_done": request.method == "POST"}
    return render(request, "mail/unsubscribe.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def restore_basket(request: HttpRequest, token: str) -> HttpResponse:
    """Show a basket that was left behind, and put it into the visitor's at the press of a button."""
    try:
        basket_id = read_basket(token=token)
    except BadLink:
        return render(request, "mail/link_not_valid.html", status=404)
    left = get_model("basket", "Basket").open.filter(pk=basket_id).first()
    if left is None:
        return render(request, "mail/link_not_valid.html", status=404)
    if request.user.is_authenticated and request.user.pk == left.owner_id:
        return redirect("basket:summary")
    lines = name_lines(lines=left.lines.select_related("product", "product__parent"))
    if request.method == "POST":
        basket = request.basket  # type: ignore[attr-defined]
        for name in fill_up(basket=basket, lines=lines):
            messages.warning(request, _("“%(name)s” cannot be had at the moment.") % {"name": name})
        return redirect("basket:summary")
    return render(request, "mail/basket.html", {"lines": lines})
