"""Mails about a return, in the language of the purchase."""

from storefront.mails.services import send_mail
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
}


def send_return(*, return_id: int, state: str) -> None:
    """What was decided or arrived; the approval brings the slip along."""
    request = (
        ReturnRequest.objects.select_related("order")
        .prefetch_related("lines__line")
        .get(pk=return_id)
    )
    order = request.order
    attachments = []
    if state == ReturnRequest.State.APPROVED:
        slip = draw_slip(request=request)
        attachments.append((f"{request.number}.pdf", slip, "application/pdf"))
    lines = []
    for each in request.lines.all():
        is_here = state == ReturnRequest.State.RECEIVED
        lines.append((each.received_quantity if is_here else each.quantity, each.line.title))
    send_mail(
        kind=KINDS[ReturnRequest.State(state)],
        to=order.email,
        language=get_language(order=order),
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
