"""The account's pages about consents and the copy of one's data."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mlm_plugin.conf import get_setting
from mlm_plugin.shop.referrals import CONSENT_COOKIE
from storefront.privacy import selectors, services
from storefront.privacy.models import ConsentRecord, DataExport


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """What the person agreed to and when; each answer can be changed."""
    if request.method == "POST":
        try:
            is_new = services.record_consent(
                user=request.user,
                purpose=request.POST.get("purpose", ""),
                given=request.POST.get("answer") == "yes",
                source=ConsentRecord.Source.ACCOUNT,
                language=get_language() or "en",
                at=timezone.now(),
            )
        except services.UnknownPurpose as error:
            raise Http404 from error
        if is_new:
            messages.success(request, _("Thank you, we noted your answer."))
        return redirect("privacy:consents")
    context = {
        "consents": selectors.list_consents(user=request.user),
        "asks_cookies": get_setting("COOKIE_CONSENT") == "always",
        "cookie_answer": request.COOKIES.get(CONSENT_COOKIE, ""),
    }
    return render(request, "account/consents.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Ask for a copy of one's data, and find it when it is ready."""
    now = timezone.now()
    if request.method == "POST":
        services.ask_export(user=request.user, language=get_language() or "en", at=now)
        messages.success(request, _("We make the copy now and write to you when it is ready."))
        return redirect("privacy:data")
    exports = selectors.list_exports(user=request.user, at=now)
    context = {
        "exports": exports,
        "is_being_made": any(export.state == DataExport.State.ASKED for export in exports),
    }
    return render(request, "account/data.html", context)


@reauthentication_required
@never_cache
@require_GET
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, for the person it is about, who has just given the password again."""
    try:
        export = selectors.get_download(user=request.user, token=token, at=timezone.now())
        file = storages["private"].open(export.path)
    except (DataExport.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    return FileResponse(
        file, as_attachment=True, filename="my-data.zip", content_type="application/zip"
    )
