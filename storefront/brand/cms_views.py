"""What the form of the look asks for while it is open, and its buttons."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from oscar.core.loading import get_model
from wagtail.models import Site

from storefront.brand import services
from storefront.brand.drafts import PARAMETER, sign_draft
from storefront.brand.forms import COLOURS, BrandForm, refuse
from storefront.brand.models import BrandChange, BrandSettings
from storefront.brand.palette import MODES, ROLE_OF, Palette, Unreadable, get_pairs
from storefront.brand.presets import PRESETS
from storefront.brand.selectors import VALUES, get_palette
from storefront.brand.words import describe_adjustment, describe_colours


@require_POST
def check(request: HttpRequest, site_id: int) -> JsonResponse:
    """The values of the open form: how they read, what is adjusted, and the word that shows them.

    Answers 200 with `errors` by field when they cannot be shown.
    """
    site = _site(request, site_id)
    form = _values_form()(request.POST)
    if not form.is_valid():
        errors = {name: [str(error) for error in found] for name, found in form.errors.items()}
        return JsonResponse({"errors": errors})
    values = form.cleaned_data
    mode = request.POST.get("mode", "")
    try:
        palette = get_palette(values=values)
    except Unreadable as refusal:
        errors = {name: [refuse(pair)] for name, pair in refusal.pairs.items()}
        return JsonResponse({"errors": errors})
    word = sign_draft(site=site, values=values, mode=mode if mode in MODES else "")
    return JsonResponse({"errors": {}, PARAMETER: word, "colours": _colours(palette, values)})


@require_POST
def preset(request: HttpRequest, site_id: int, code: str) -> HttpResponse:
    """One press: the whole look of a preset."""
    site = _site(request, site_id)
    if code not in PRESETS:
        raise Http404
    services.use_preset(site=site, code=code, by=request.user, at=timezone.now())
    messages.success(request, _("The site now wears “%(name)s”.") % {"name": PRESETS[code].name})
    return _back(site)


@require_POST
def undo(request: HttpRequest, site_id: int) -> HttpResponse:
    """Take the last change back."""
    site = _site(request, site_id)
    try:
        services.undo_last_change(site=site, by=request.user, at=timezone.now())
    except services.NothingToUndo:
        messages.warning(request, _("There is nothing to take back."))
    else:
        messages.success(request, _("The last change was taken back."))
    return _back(site)


@require_POST
def restore(request: HttpRequest, change_id: int) -> HttpResponse:
    """Bring back a look of the past."""
    change = get_object_or_404(BrandChange.objects.select_related("site"), pk=change_id)
    _site(request, change.site_id)
    services.restore(change=change, by=request.user, at=timezone.now())
    messages.success(request, _("That look is back."))
    return _back(change.site)


@require_safe
def sample_product(request: HttpRequest) -> HttpResponse:
    """Some product's page, with the draft that this address holds."""
    product = get_model("catalogue", "Product").objects.browsable().order_by("pk").first()
    address = product.get_absolute_url() if product else reverse("catalogue:index")
    word = urlencode({PARAMETER: request.GET.get(PARAMETER, "")})
    return HttpResponseRedirect(f"{address}?{word}")


@require_safe
def sample_mail(request: HttpRequest) -> HttpResponse:
    """A mail as it would be sent now, or with the draft that this address holds."""
    return render(request, "brand/sample_mail.html", {"subject": _("Your order 100023")})


def _values_form() -> type[BrandForm]:
    from django.forms import modelform_factory
    from django.forms.models import ModelForm

    return modelform_factory(BrandSettings, form=ModelForm, fields=list(VALUES))


def _colours(palette: Palette, values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in COLOURS:
        role = ROLE_OF.get(name, "accent")
        modes = ("dark",) if name == "accent_dark" else MODES
        pairs = [pair for pair in get_pairs(palette=palette, role=role) if pair.mode in modes]
        found[name] = {
            "light": palette.light[role],
            "dark": palette.dark[role],
            "pairs": describe_colours(pairs),
            "changes": [
                describe_adjustment(change) for change in palette.changes if change.field == name
            ],
            "value": values[name],
        }
    return found


def _site(request: HttpRequest, site_id: int) -> Site:
    """The site, for who may change its look. Raises PermissionDenied."""
    site = get_object_or_404(Site, pk=site_id)
    policy = BrandSettings.get_permission_policy()
    if not policy.user_has_permission_for_instance(request.user, "change", site):
        raise PermissionDenied
    return site


def _back(site: Site) -> HttpResponse:
    return HttpResponseRedirect(
        reverse("wagtailsettings:edit", args=["brand", "brandsettings", site.pk])
    )
