"""The staff's page about a member's tax and bank data: seen by their ends, compared with papers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mlm_plugin.backoffice import selectors
from mlm_plugin.backoffice.permissions import may, may_change_members, staff_page
from mlm_plugin.network.models import Member
from mlm_plugin.network.payment_details import (
    get_bank_details,
    get_personal,
    verify_details,
    version_of,
)
from mlm_plugin.network.personal import read_secrets
from mlm_plugin.network.sealing import CannotOpen
from mlm_plugin.network.services import NetworkError


class VerifyForm(forms.Form):
    """Which state of the data was compared."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=100)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def member_details(request: HttpRequest, code: str) -> HttpResponse:
    """What is kept, since when, and who compared it; those who prepare payouts may say so here."""
    try:
        member = selectors.get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error
    may_verify = may_change_members(request.user) or may(request.user, "prepare_books")
    form = VerifyForm(request.POST or None)
    if request.method == "POST":
        if not may_verify:
            raise PermissionDenied
        if form.is_valid() and _verify(request, member, form):
            return redirect("mlm:staff-details", code=member.code)
    personal = get_personal(member=member)
    context: dict[str, Any] = {
        "member": member,
        "personal": personal,
        "form": form,
        "may_verify": may_verify and personal is not None,
        "seen": version_of(personal=personal) if personal else "",
    }
    try:
        if personal is not None:
            secrets = read_secrets(personal=personal)
            bank = get_bank_details(member_id=member.pk)
            context |= {
                "shown": secrets.shown,
                "born_on": secrets.born_on,
                "holder": bank.holder if bank else "",
                "is_complete": bank is not None and bank.is_tax_data_complete,
                "address": [value for value in personal.address.values() if value],
            }
    except CannotOpen as error:
        context |= {"problem": str(error), "may_verify": False}
    return render(request, "mlm/backoffice/details.html", context)


def _verify(request: HttpRequest, member: Member, form: VerifyForm) -> bool:
    try:
        verify_details(
            member_id=member.pk,
            seen=form.cleaned_data["seen"],
            verified_by_id=request.user.pk or 0,
            verified_at=timezone.now(),
        )
    except NetworkError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Kept: the data agree with the papers."))
    return True
