"""`/join/`: a customer or a new visitor becomes a member below the one who brought them.

Below whom, the first that holds: the member a customer is bound to (the choice was made with the
first order or registration, and only staff change it), the code typed here, the referral link, the
member of `MLM["JOIN_SPONSOR"]`. Whoever it is, the name has been on the screen before anybody joins.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import verified_email_required
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.conf import get_setting
from mlm_plugin.network.codes import MAX_LENGTH
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import (
    get_binding,
    get_creditable_member,
    get_member_of_user,
)
from mlm_plugin.network.services import NetworkError, join_member


@dataclass(frozen=True)
class Invitation:
    """Below whom somebody would join, and whether another code may be named instead."""

    sponsor: Member | None
    is_fixed: bool = False


class JoinForm(forms.Form):
    """Name, sponsor and consent; `shown_code` is the sponsor whose name was on the screen."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100)
    sponsor_code = forms.CharField(
        label=gettext_lazy("Code of the member who invited you"),
        max_length=MAX_LENGTH,
        required=False,
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("I have read the conditions for members and agree to them.")
    )
    shown_code = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.is_fixed:
            del self.fields["sponsor_code"]
        elif invitation.sponsor is None:
            self.fields["sponsor_code"].required = True
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean_sponsor_code(self) -> str:
        """The code of a member below whom one can join, or nothing."""
        code: str = self.cleaned_data["sponsor_code"]
        if code:
            sponsor = get_creditable_member(code=code)
            if sponsor is None:
                raise forms.ValidationError(
                    _("No active member has this code. Please ask the person who invited you.")
                )
            self.invitation = Invitation(sponsor)
        return code


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Say who invites; whoever is signed in with a confirmed address can join."""
    if request.user.is_authenticated:
        response: HttpResponse = _join_signed_in(request)
        return response
    invitation = find_invitation(request=request)
    return render(
        request,
        "mlm/join/welcome_stranger.html",
        {"sponsor": invitation.sponsor, "back": _way_back(request, invitation)},
    )


@verified_email_required
def _join_signed_in(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if get_member_of_user(user_id=user.pk):
        return redirect("mlm:my-home")
    invitation = find_invitation(request=request)
    if request.method != "POST":
        known = {"first_name": user.first_name, "last_name": user.last_name}
        return _show(request, JoinForm(invitation=invitation, initial=known))
    form = JoinForm(request.POST, invitation=invitation)
    if form.is_valid() and form.invitation.sponsor is not None:
        sponsor = form.invitation.sponsor
        if form.cleaned_data["shown_code"] != sponsor.code:
            return _show(request, form, asks_again=True)
        try:
            join_member(
                sponsor_id=sponsor.pk,
                joined_at=timezone.now(),
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                user_id=user.pk,
            )
        except NetworkError as error:
            form.add_error(None, str(error))
        else:
            return redirect("mlm:join-welcome")
    return _show(request, form)


@require_safe
@cabinet_page
def welcome(request: HttpRequest, member: Member) -> HttpResponse:
    """The new member's referral link, and what to do next."""
    link = request.build_absolute_uri(reverse("mlm:referral", args=[member.code]))
    return render(request, "mlm/join/welcome.html", {"member": member, "link": link})


def find_invitation(*, request: HttpRequest) -> Invitation:
    """Below whom this visitor would join without naming a code; at most two queries."""
    if request.user.is_authenticated:
        binding = get_binding(user_id=request.user.pk)
        if binding and binding.member.may_be_credited:
            return Invitation(binding.member, is_fixed=True)
    referral: Any = getattr(request, "referral", None)
    by_link = get_creditable_member(code=referral.code) if referral else None
    return Invitation(by_link or get_creditable_member(code=get_setting("JOIN_SPONSOR")))


def _way_back(request: HttpRequest, invitation: Invitation) -> str:
    """Where signing up leads back to; the address keeps the code where no cookie may."""
    address = reverse("mlm:join")
    referral = getattr(request, "referral", None)
    if invitation.sponsor and referral and invitation.sponsor.code == referral.code:
        return f"{address}?ref={referral.code}"
    return address


def _show(request: HttpRequest, form: JoinForm, *, asks_again: bool = False) -> HttpResponse:
    """The form with the present sponsor's name, which joining then confirms."""
    sponsor = form.invitation.sponsor
    if form.is_bound:
        # The hidden field says whose name this page shows, whatever was sent.
        form.data = {**form.data.dict(), "shown_code": sponsor.code if sponsor else ""}
    elif sponsor:
        form.initial["shown_code"] = sponsor.code
    return render(
        request,
        "mlm/join/form.html",
        {
            "form": form,
            "sponsor": sponsor,
            "is_fixed": form.invitation.is_fixed,
            "asks_again": asks_again,
        },
    )
