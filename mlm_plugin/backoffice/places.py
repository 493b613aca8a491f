"""The staff's pages of the placement tree: who waits for a place, and placing by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice.permissions import change_page, may_change_members, staff_page
from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.codes import MAX_LENGTH
from mlm_plugin.network.models import HeldPlacement, Member
from mlm_plugin.network.placement_selectors import get_held, get_last_leg_count, list_held
from mlm_plugin.network.placement_words import COUNTED, RULES, list_sides, name_side
from mlm_plugin.network.placing import Wish, preview_place
from mlm_plugin.network.releasing import place_held_member
from mlm_plugin.network.selectors import get_member_by_code
from mlm_plugin.network.services import NetworkError

SHOWN = 200


class PlaceByHandForm(forms.Form):
    """By which rule, on which side, or exactly where."""

    rule = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            (rule, words) for rule, words in RULES.items() if rule not in ("holding", "qualified")
        ],
    )
    slot = forms.TypedChoiceField(
        label=gettext_lazy("Side"), coerce=int, empty_value=None, required=False
    )
    below = forms.CharField(
        label=gettext_lazy("Exactly below (code)"),
        max_length=MAX_LENGTH,
        required=False,
        help_text=gettext_lazy(
            "Empty: the outside of that side below the enroller. Otherwise a member with this side"
            " free, in the enroller’s branch."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [("", _("as the rule says")), *list_sides()]
        self.parent: Member | None = None

    def clean_below(self) -> str:
        """A code that somebody has, or nothing."""
        code: str = self.cleaned_data["below"]
        if code:
            self.parent = get_member_by_code(code=code)
            if self.parent is None:
                raise forms.ValidationError(_("Nobody has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("below") and cleaned.get("rule") != "chosen":
            self.add_error("rule", _("An exact place goes with the chosen side."))
        return cleaned

    def wish(self) -> Wish:
        """What a valid form asks for."""
        parent_id = self.parent.pk if self.parent else None
        return Wish(slot=self.cleaned_data["slot"], parent_id=parent_id)


@require_safe
@staff_page
def held_list(request: HttpRequest) -> HttpResponse:
    """Everybody who waits for a place, the most urgent first, with the deadline."""
    settings = get_placement_settings()
    held = list_held(limit=SHOWN + 1) if settings.is_used else []
    return render(
        request,
        "mlm/backoffice/places.html",
        {
            "held": held[:SHOWN],
            "are_more": len(held) > SHOWN,
            "settings": settings,
            "rule": RULES[settings.rule],
            "fallback": RULES[settings.fallback],
            "count": get_last_leg_count() if settings.is_used else None,
            "now": timezone.now(),
            "may_change": may_change_members(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@change_page
def place_by_hand(request: HttpRequest, code: str) -> HttpResponse:
    """A form, a page that says where the member will stand, then it is done."""
    held = get_held(code=code)
    if held is None or not get_placement_settings().is_used:
        raise Http404
    form = PlaceByHandForm(request.POST or None, initial={"rule": "chosen"})
    found = None
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        try:
            if "confirmed" in request.POST:
                return _place(request, held, form)
            if held.enroller_id is not None:
                found = preview_place(
                    member_id=held.pk,
                    enroller_id=held.enroller_id,
                    rule=form.cleaned_data["rule"],
                    wish=form.wish(),
                    at=timezone.now(),
                )
        except NetworkError as error:
            form.add_error(None, str(error))
    context = {
        "held": held,
        "form": form,
        "count": get_last_leg_count() if form.data.get("rule") in COUNTED else None,
        "parent": found and Member.objects.get(pk=found.parent_id),
        "side": found and name_side(slot=found.slot),
    }
    return render(request, "mlm/backoffice/place.html", context)


def _place(request: HttpRequest, held: HeldPlacement, form: PlaceByHandForm) -> HttpResponse:
    placed = place_held_member(
        member_id=held.pk,
        wish=form.wish(),
        rule=form.cleaned_data["rule"],
        placed_at=timezone.now(),
    )
    words = _("{member} now stands below {parent}: {side}.").format(
        member=held.member, parent=placed.parent, side=name_side(slot=placed.slot)
    )
    messages.success(request, words)
    return redirect("mlm:staff-places")
