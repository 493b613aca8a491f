"""`/my/places/`: new people of the own front line who wait for a place, and the side they go to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.conf.placement import PlacementSettings, get_placement_settings
from mlm_plugin.network.codes import MAX_LENGTH
from mlm_plugin.network.models import HeldPlacement, Member
from mlm_plugin.network.placement_selectors import (
    get_held,
    get_last_leg_count,
    get_placement_wish,
    list_held,
)
from mlm_plugin.network.placement_words import COUNTED, RULES, list_sides, name_side
from mlm_plugin.network.placing import (
    OutsideBranch,
    Wish,
    preview_place,
    set_placement_wish,
)
from mlm_plugin.network.placing_rules import RULES as FINDING
from mlm_plugin.network.releasing import place_held_member
from mlm_plugin.network.selectors import get_member_by_code
from mlm_plugin.network.services import NetworkError

SHOWN = 100


class SideForm(forms.Form):
    """On which side, and below whom exactly if that matters."""

    slot = forms.TypedChoiceField(label=gettext_lazy("Side"), coerce=int, widget=forms.RadioSelect)
    below = forms.CharField(
        label=gettext_lazy("Below whom exactly (code)"),
        max_length=MAX_LENGTH,
        required=False,
        help_text=gettext_lazy("Leave it empty for the outer end of that side."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = list_sides()
        self.parent: Member | None = None

    def clean_below(self) -> str:
        """A member's code, or nothing; a code nobody has is answered like one outside the branch."""
        code: str = self.cleaned_data["below"]
        if code:
            self.parent = get_member_by_code(code=code)
            if self.parent is None:
                raise forms.ValidationError(OUTSIDE)
        return code

    def wish(self) -> Wish:
        """What a valid form asks for."""
        parent_id = self.parent.pk if self.parent else None
        return Wish(slot=self.cleaned_data["slot"], parent_id=parent_id)


class PreferenceForm(forms.Form):
    """Where new people of the own front line go from now on."""

    rule = forms.ChoiceField(label=gettext_lazy("New people go to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = [(f"chosen:{slot}", words) for slot, words in list_sides()]
        others = [(rule, RULES[rule]) for rule in FINDING if rule != "chosen"]
        self.fields["rule"].choices = sides + others

    def chosen(self) -> tuple[str, int | None]:
        """The rule and, for a chosen side, its slot."""
        rule, _colon, slot = self.cleaned_data["rule"].partition(":")
        return rule, int(slot) if slot else None


OUTSIDE = gettext_lazy("This place is not in your branch.")


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def places(request: HttpRequest, member: Member) -> HttpResponse:
    """Who waits for the member's choice and until when; the preferred side, where the plan asks for it."""
    settings = _get_settings()
    may_write = member.may_be_credited
    wish = get_placement_wish(member_id=member.pk)
    form = None
    if "preference" in (settings.rule, settings.fallback):
        initial = {"rule": _as_choice(wish.rule, wish.slot)} if wish else {}
        form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form is not None and may_write and form.is_valid():
        rule, slot = form.chosen()
        set_placement_wish(
            member_id=member.pk,
            rule=rule,
            slot=slot,
            chosen_by_id=request.user.pk,
            chosen_at=timezone.now(),
        )
        messages.success(request, _("New people will go there from now on."))
        return redirect("mlm:my-places")
    held = list_held(enroller_id=member.pk, limit=SHOWN + 1)
    return render(
        request,
        "mlm/cabinet/places.html",
        {
            "member": member,
            "page": "places",
            "held": held[:SHOWN],
            "are_more": len(held) > SHOWN,
            "form": form if may_write else None,
            "wish": wish,
            "count": get_last_leg_count() if wish and wish.rule in COUNTED else None,
            "fallback": RULES[settings.fallback],
            "now": timezone.now(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def place(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """Choose the place of one of them: a form, a page that says where that is, then it is done."""
    _get_settings()
    held = get_held(code=code)
    if held is None or held.enroller_id != member.pk or not member.may_be_credited:
        raise Http404
    form = SideForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        try:
            if "confirmed" in request.POST:
                return _place(request, held, form.wish())
            found = preview_place(
                member_id=held.pk,
                enroller_id=member.pk,
                rule="chosen",
                wish=form.wish(),
                at=timezone.now(),
            )
        except OutsideBranch:
            form.add_error("below", OUTSIDE)
        except NetworkError as error:
            form.add_error(None, str(error))
    context = {
        "member": member,
        "page": "places",
        "held": held,
        "form": form,
        "parent": found and Member.objects.get(pk=found.parent_id),
        "side": found and name_side(slot=found.slot),
    }
    return render(request, "mlm/cabinet/place.html", context)


def _place(request: HttpRequest, held: HeldPlacement, wish: Wish) -> HttpResponse:
    placed = place_held_member(member_id=held.pk, wish=wish, placed_at=timezone.now())
    words = _("{member} now stands below {parent}: {side}.").format(
        member=held.member.full_name,
        parent=placed.parent and placed.parent.full_name,
        side=name_side(slot=placed.slot),
    )
    messages.success(request, words)
    return redirect("mlm:my-places")


def _get_settings() -> PlacementSettings:
    settings = get_placement_settings()
    if not settings.is_used:
        raise Http404
    return settings


def _as_choice(rule: str, slot: int | None) -> str:
    return rule if slot is None else f"{rule}:{slot}"
