"""Mails about a return, in the language of the purchase."""

from django.utils import translation

from storefront.mails.services import send_mail
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.order.selectors import get_language, get_page_url
from storefront.shop.returns.models import ReturnRequest
from storefront.shop.returns.slip import draw_slip
from storefront.targets import full_address

# The refund has a mail of its own, of the payments.
KINDS = {
    ReturnRequest.State.REQUESTED: "return_requested",
    ReturnRequest.State.APPROVED: "return_approved",
    ReturnRequest.State.REFUSED: "return_refused",
    ReturnRequest.State.RECEIVED: "return_received",
    ReturnRequest.State.CLOSED: "return_closed",
}


def send_return(*, return_id: int, state: str) -> None:
    """What was decided or arrived; the approval brings the slip along."""
    request = (
        ReturnRequest.objects.select_related("order")
        .prefetch_related("lines__line")
        .get(pk=return_id)
    )
    order, announced = request.order, request.lines.all()
    language = get_language(order=order)
    with translation.override(language):
        name_order_lines(lines=[each.line for each in announced])
    attachments = []
    if state == ReturnRequest.State.APPROVED:
        slip = draw_slip(request=request)
        attachments.append((f"{request.number}.pdf", slip, "application/pdf"))
    lines = []
    for each in announced:
        is_here = state in (ReturnRequest.State.RECEIVED, ReturnRequest.State.CLOSED)
        lines.append((each.received_quantity if is_here else each.quantity, each.line.title_here))
    send_mail(
        kind=KINDS[ReturnRequest.State(state)],
        to=order.email,
        language=language,
        context={
            "number": request.number,
            "order": order,
            "return": request,
            "answer": request.answer,
            "lines": lines,
            "return_url": full_address(
                get_page_url(order=order, name="return", number=request.number)
            ),
        },
        attachments=attachments,
    )
