"""`/my/details/`: tax and bank data, of which only the ends are shown, and who may see how to reach one."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.cabinet.joining_forms import PaymentForm, list_countries
from mlm_plugin.network.contact_consent import get_contact, set_contact_consent
from mlm_plugin.network.models import Member, PersonalData
from mlm_plugin.network.payment_details import (
    begin_personal,
    change_payment_details,
    get_market_of,
    get_personal,
)
from mlm_plugin.network.personal import read_secrets
from mlm_plugin.network.visibility import levels_shown


class ConsentForm(forms.Form):
    """Whether those above may see how to reach the member."""

    agrees = forms.BooleanField(
        label=gettext_lazy(
            "My sponsor and those above may see my e-mail address and phone number."
        ),
        required=False,
    )


class CountryForm(forms.Form):
    """The country whose numbers are asked for, of members who brought none."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", gettext_lazy("Please choose")), *list_countries()]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def details(request: HttpRequest, member: Member) -> HttpResponse:
    """What is kept, by its ends; the form says yes or no to contact data."""
    agreed = member.shows_contact_since is not None
    form = ConsentForm(request.POST or None, initial={"agrees": agreed})
    if request.method == "POST":
        # A box that is not ticked sends nothing: an empty form is a no.
        agrees = "agrees" in request.POST
        if set_contact_consent(member_id=member.pk, agrees=agrees, at=timezone.now()):
            messages.success(
                request,
                _("Those above you can see how to reach you now.")
                if agrees
                else _("Nobody above you sees how to reach you any more."),
            )
        return redirect("mlm:my-details")
    personal = get_personal(member=member)
    secrets = read_secrets(personal=personal) if personal else None
    context = {
        "member": member,
        "page": "details",
        "personal": personal,
        "shown": secrets.shown if secrets else None,
        "holder": secrets.holder if secrets else "",
        "form": form,
        "contact": get_contact(member=member),
        "contact_levels": levels_shown("contact"),
    }
    return render(request, "mlm/join/details.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
@reauthentication_required
def payment(request: HttpRequest, member: Member) -> HttpResponse:
    """Change tax and bank data, after the password; a member without a country says it first."""
    personal = get_personal(member=member)
    if personal is None or not personal.country:
        return _ask_country(request, member)
    form = PaymentForm(
        request.POST or None,
        market=get_market_of(personal=personal),
        is_company=personal.kind == PersonalData.Kind.COMPANY,
        kept=(kept := read_secrets(personal=personal)),
        initial={"holder": kept.holder},
    )
    if form.is_valid():
        names = ("tax_number", "vat_number", "account", "bank_code", "holder")
        change_payment_details(
            member_id=member.pk,
            changed_at=timezone.now(),
            **{name: form.cleaned_data[name] for name in names},
        )
        messages.success(request, _("Your data are saved."))
        return redirect("mlm:my-details")
    context = {"member": member, "page": "details", "form": form, "had_account": kept.account}
    return render(request, "mlm/join/details_payment.html", context)


def _ask_country(request: HttpRequest, member: Member) -> HttpResponse:
    form = CountryForm(request.POST or None)
    if form.is_valid():
        begin_personal(member=member, country=form.cleaned_data["country"])
        return redirect("mlm:my-details-payment")
    context = {"member": member, "page": "details", "form": form}
    return render(request, "mlm/join/details_payment.html", context)
