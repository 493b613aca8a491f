"""The staff's pages that change a member's status, or to whom a customer belongs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mlm_plugin.backoffice import move_selectors, selectors
from mlm_plugin.backoffice.permissions import change_page
from mlm_plugin.conf import get_setting
from mlm_plugin.network.codes import MAX_LENGTH, normalise_code
from mlm_plugin.network.customers import LONGEST_REASON, rebind_customer
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import get_binding, get_member_by_code
from mlm_plugin.network.services import TRANSITIONS, NetworkError, change_status
from mlm_plugin.volumes.terminating import ROLL_UP, terminate_member

MOST_NUMBER = 2**63 - 1


class StatusForm(forms.Form):
    """Another status and why; ending a membership is confirmed by typing the code."""

    after = forms.ChoiceField(label=gettext_lazy("New status"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    typed = forms.CharField(
        label=gettext_lazy("The member’s code, to end the membership"),
        max_length=MAX_LENGTH,
        required=False,
        help_text=gettext_lazy("A membership that has ended stays ended."),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        possible = TRANSITIONS[Member.Status(member.status)]
        self.fields["after"].choices = [
            choice for choice in Member.Status.choices if choice[0] in possible
        ]

    def clean(self) -> dict[str, Any]:
        """Who ends a membership has typed whose."""
        cleaned = super().clean() or {}
        ends = cleaned.get("after") == Member.Status.TERMINATED
        if ends and normalise_code(cleaned.get("typed", "")) != self.member.code:
            self.add_error("typed", _("Type the code {code}.").format(code=self.member.code))
        return cleaned


class RebindForm(forms.Form):
    """The member a customer is to belong to, and why."""

    member = forms.CharField(label=gettext_lazy("Member (code)"), max_length=MAX_LENGTH)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_member(self) -> Member:
        """The member with this code."""
        found = get_member_by_code(code=self.cleaned_data["member"])
        if found is None:
            raise forms.ValidationError(_("No member has this code."))
        return found


@require_http_methods(["GET", "HEAD", "POST"])
@change_page
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Activate, suspend or end; says what becomes of the front line and the customers."""
    try:
        member = selectors.get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error
    form = StatusForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            _change(member, form.cleaned_data, author_id=request.user.pk)
        except NetworkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The status is changed."))
            return redirect("mlm:staff-member", code=member.code)
    rolls_up = get_setting("TERMINATION") == ROLL_UP
    context = {"member": member, "form": form, "rolls_up": rolls_up}
    return render(request, "mlm/backoffice/status.html", context)


def _change(member: Member, asked: dict[str, Any], *, author_id: int) -> None:
    now = timezone.now()
    if asked["after"] == Member.Status.TERMINATED:
        terminate_member(
            member_id=member.pk, reason=asked["reason"], author_id=author_id, terminated_at=now
        )
        return
    change_status(
        member_id=member.pk,
        after=asked["after"],
        reason=asked["reason"],
        author_id=author_id,
        changed_at=now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@change_page
def rebind(request: HttpRequest, number: int) -> HttpResponse:
    """To whom a customer belongs and belonged, and giving the customer to another member."""
    customer: Any = get_user_model().objects.filter(pk=min(number, MOST_NUMBER)).first()
    if customer is None:
        raise Http404
    form = RebindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = rebind_customer(
                user_id=customer.pk,
                member_id=form.cleaned_data["member"].pk,
                reason=form.cleaned_data["reason"],
                author_id=request.user.pk,
                changed_at=timezone.now(),
            )
        except NetworkError as error:
            form.add_error(None, str(error))
        else:
            if change:
                messages.success(request, _("The customer belongs to another member now."))
            else:
                messages.info(request, _("The customer belongs to this member already."))
            return redirect("mlm:staff-rebind", number=customer.pk)
    return render(
        request,
        "mlm/backoffice/rebind.html",
        {
            "customer": customer,
            "binding": get_binding(user_id=customer.pk),
            "changes": move_selectors.get_binding_changes(user_id=customer.pk),
            "form": form,
        },
    )
