"""The pages between sponsor and summary: each shows its form, and keeps what a valid one says.

A handler returns the page to show, or None when the step is finished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mlm_plugin.cabinet import joining_forms
from mlm_plugin.conf import business_day, get_content, get_setting
from mlm_plugin.conf.content import AgreementText, StarterKit
from mlm_plugin.conf.markets import get_least_age, get_market
from mlm_plugin.conf.placement import PlacementSettings, get_placement_settings
from mlm_plugin.network import applications
from mlm_plugin.network.application_steps import Step, list_steps
from mlm_plugin.network.models import Application, PersonalData
from mlm_plugin.network.personal import Secrets, read_secrets
from mlm_plugin.network.personal_checks import NotValid, check_age

NAMES: dict[Step, str | Promise] = {
    Step.SPONSOR: _("Sponsor"),
    Step.PERSON: _("About you"),
    Step.CONTACT: _("Contact"),
    Step.PAYMENT: _("Tax and bank"),
    Step.AGREEMENT: _("Agreement"),
    Step.KIT: _("Starter kit"),
    Step.PLACE: _("Place"),
    Step.SUMMARY: _("Check and send"),
}


@dataclass(frozen=True)
class Facts:
    """What decides which steps there are."""

    agreement: AgreementText | None
    kit: StarterKit | None
    placement: PlacementSettings
    steps: tuple[Step, ...]

    @property
    def names(self) -> list[str | Promise]:
        """The steps by name, in order."""
        return [NAMES[step] for step in self.steps]


@dataclass
class Page:
    """One step of one application, for whoever asks."""

    request: HttpRequest
    application: Application | None
    facts: Facts
    here: Step

    @property
    def personal(self) -> PersonalData:
        """The applicant's data so far."""
        assert self.application is not None
        return self.application.personal

    @property
    def secrets(self) -> Secrets:
        """The same, of what is sealed."""
        return read_secrets(personal=self.personal)

    def bind(self, form_class: type[forms.Form], **options: Any) -> Any:
        """The form: as sent, or empty."""
        is_sent = self.request.method == "POST" and "refresh" not in self.request.POST
        return form_class(self.request.POST if is_sent else None, **options)

    def show(self, context: dict[str, Any]) -> HttpResponse:
        """The step's own template, with the way so far and the way back."""
        at = self.facts.steps.index(self.here)
        shared = {
            "application": self.application,
            "personal": self.personal if self.application else None,
            "steps": self.facts.names,
            "current": at + 1,
            "step_name": NAMES[self.here],
            "back_to": reverse(f"mlm:join-{self.facts.steps[at - 1]}") if at else "",
            "facts": self.facts,
        }
        if self.here == Step.SUMMARY:
            shared |= self._recall()
        return render(self.request, f"mlm/join/{self.here}.html", {**shared, **context})

    def _recall(self) -> dict[str, Any]:
        secrets = self.secrets
        names = dict(joining_forms.list_countries())
        wish = (self.application.placement_wish if self.application else {}).get("slot")
        sides = dict(joining_forms.list_sides(self.facts.placement.width or 2))
        return {
            "secrets": secrets.shown,
            "born_on": secrets.born_on,
            "country": names.get(self.personal.country, self.personal.country),
            "address": [value for value in self.personal.address.values() if value],
            "has_place": Step.PLACE in self.facts.steps,
            "side": sides.get(str(wish), ""),
        }


def get_facts(*, request: HttpRequest, application: Application | None) -> Facts:
    """What the site answers now: the agreement in the reader's language, the kit, the tree."""
    content, sku = get_content(), get_setting("STARTER_KIT")
    language = application.language if application else (get_language() or "en")
    agreement = content.get_agreement(language=language, at=timezone.now())
    kit = content.get_starter_kit(sku=sku, request=request) if sku else None
    placement = get_placement_settings()
    steps = list_steps(
        has_agreement=agreement is not None, has_kit=kit is not None, placement=placement
    )
    return Facts(agreement=agreement, kit=kit, placement=placement, steps=steps)


def _person(page: Page) -> HttpResponse | None:
    personal, secrets = page.personal, page.secrets
    market = get_market(personal.country) if personal.country else None
    form = page.bind(
        joining_forms.PersonForm,
        today=business_day(timezone.now()),
        minimum_age=market.minimum_age if market else get_least_age(),
        initial={
            "kind": personal.kind,
            "company": personal.company,
            "first_name": personal.first_name,
            "last_name": personal.last_name,
            "born_on": secrets.born_on,
        },
    )
    if not form.is_valid():
        return page.show({"form": form})
    applications.save_person(
        application_id=page.application.pk, saved_at=timezone.now(), **form.cleaned_data
    )
    return None


def _contact(page: Page) -> HttpResponse | None:
    personal, request = page.personal, page.request
    countries = joining_forms.list_countries()
    codes = [code for code, _name in countries]
    known = None if personal.country else get_content().get_known_contact(user=request.user)
    wanted = (request.POST.get("country"), personal.country, known.country if known else "")
    country = next((code for code in wanted if code in codes), codes[0])
    initial = {
        "email": personal.email,
        "phone": personal.phone or (known.phone if known else ""),
        **(known.address if known and known.country == country else {}),
        **personal.address,
    }
    if "refresh" in request.POST:
        initial |= {name: value for name, value in request.POST.items() if name in initial}
    form = page.bind(
        joining_forms.ContactForm, countries=countries, country=country, initial=initial
    )
    if form.is_valid() and not _is_old_enough(page, country):
        form.add_error(None, _("You are too young to join in this country."))
    if not form.is_valid():
        return page.show({"form": form})
    applications.save_contact(
        application_id=page.application.pk,
        country=country,
        address=form.address,
        email=form.cleaned_data["email"],
        phone=form.cleaned_data["phone"],
        saved_at=timezone.now(),
    )
    return None


def _is_old_enough(page: Page, country: str) -> bool:
    born_on, market = page.secrets.born_on, get_market(country)
    if born_on is None or market is None:
        return False
    try:
        check_age(born_on=born_on, today=business_day(timezone.now()), minimum=market.minimum_age)
    except NotValid:
        return False
    return True


def _payment(page: Page) -> HttpResponse | None:
    market = get_market(page.personal.country)
    if market is None:
        return redirect("mlm:join-contact")
    form = page.bind(
        joining_forms.PaymentForm,
        market=market,
        is_company=page.personal.kind == PersonalData.Kind.COMPANY,
        kept=page.secrets,
        initial={"holder": page.secrets.holder},
    )
    if not form.is_valid():
        return page.show({"form": form, "market": market})
    said = {
        name: form.cleaned_data[name]
        for name in ("tax_number", "vat_number", "account", "bank_code", "holder")
    }
    applications.save_payment(application_id=page.application.pk, saved_at=timezone.now(), **said)
    return None


def _agreement(page: Page) -> HttpResponse | None:
    text = page.facts.agreement
    assert text is not None
    form = page.bind(joining_forms.AgreementForm, text=text)
    if not form.is_valid():
        return page.show({"form": form, "text": text})
    applications.accept_agreement(
        application_id=page.application.pk,
        text=text,
        ip_address=get_adapter(page.request).get_client_ip(page.request),
        accepted_at=timezone.now(),
    )
    return None


def _kit(page: Page) -> HttpResponse | None:
    application = page.application
    has_chosen = Step.KIT in application.steps
    initial = {"wants_kit": "yes" if application.wants_kit else "no"} if has_chosen else {}
    form = page.bind(joining_forms.KitForm, initial=initial)
    if not form.is_valid():
        return page.show({"form": form, "kit": page.facts.kit})
    applications.choose_kit(
        application_id=application.pk, chosen_at=timezone.now(), **form.cleaned_data
    )
    return None


def _place(page: Page) -> HttpResponse | None:
    slot = page.application.placement_wish.get("slot", "any")
    form = page.bind(
        joining_forms.PlaceForm, width=page.facts.placement.width, initial={"slot": str(slot)}
    )
    if not form.is_valid():
        return page.show({"form": form})
    applications.choose_place(
        application_id=page.application.pk, chosen_at=timezone.now(), **form.cleaned_data
    )
    return None


HANDLERS: dict[Step, Callable[[Page], HttpResponse | None]] = {
    Step.PERSON: _person,
    Step.CONTACT: _contact,
    Step.PAYMENT: _payment,
    Step.AGREEMENT: _agreement,
    Step.KIT: _kit,
    Step.PLACE: _place,
}
