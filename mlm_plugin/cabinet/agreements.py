"""`/my/membership/`: what a member agreed to, and the way out within the cooling-off period."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.network.agreements import list_agreements, open_paper
from mlm_plugin.network.application_decisions import get_cooling_off_end
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.cooling_off import TooLate, end_in_cooling_off


@never_cache
@require_safe
@cabinet_page
def membership(request: HttpRequest, member: Member) -> HttpResponse:
    """Since when, below whom, on which terms; and until when it can be taken back."""
    until = get_cooling_off_end(member=member)
    context = {
        "member": member,
        "page": "membership",
        "sponsor": member.sponsor,
        "agreements": list_agreements(member=member),
        "until": until,
        "may_end": timezone.now() < until,
    }
    return render(request, "mlm/join/membership.html", context)


@never_cache
@require_safe
@cabinet_page
def agreement_paper(request: HttpRequest, member: Member, number: int) -> HttpResponseBase:
    """The PDF of one's own agreement; anybody else's does not exist."""
    own = [each for each in list_agreements(member=member) if each.pk == number]
    if not own:
        raise Http404
    try:
        name, file = open_paper(agreement=own[0])
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def end_membership(request: HttpRequest, member: Member) -> HttpResponse:
    """What ending means, said before; then it is done."""
    until = get_cooling_off_end(member=member)
    if timezone.now() >= until:
        return redirect("mlm:my-membership")
    if request.method == "POST":
        try:
            end_in_cooling_off(member=member, ended_at=timezone.now())
        except TooLate as error:
            messages.error(request, str(error))
            return redirect("mlm:my-membership")
        return redirect("mlm:my-home")
    context = {"member": member, "page": "membership", "until": until}
    return render(request, "mlm/join/end_membership.html", context)
