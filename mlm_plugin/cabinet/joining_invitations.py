"""`/my/invite/`: a member begins an application for somebody, who goes on by a personal link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.cabinet.joining_forms import InvitationForm
from mlm_plugin.network.application_invitations import TooManyInvitations, invite
from mlm_plugin.network.application_selectors import list_invitations
from mlm_plugin.network.models import Member


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def invitations(request: HttpRequest, member: Member) -> HttpResponse:
    """The form, and what became of earlier invitations; what the invited typed is theirs."""
    may_invite = member.may_be_credited
    form = InvitationForm(request.POST or None) if may_invite else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            invite(
                member=member,
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                email=form.cleaned_data["email"],
                language=get_language() or "en",
                invited_at=timezone.now(),
            )
        except TooManyInvitations as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("mlm:my-invitations")
    context = {
        "member": member,
        "page": "share",
        "form": form,
        "invitations": list_invitations(member=member),
    }
    return render(request, "mlm/join/invitations.html", context)
