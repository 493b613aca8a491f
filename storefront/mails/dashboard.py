"""The staff's pages about mails: the list, one kind with its preview, and every kind as a sample."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from storefront.mails import selectors, services
from storefront.mails.forms import MailTextForm
from storefront.mails.kinds import MAIL_KINDS, PARTS, MailKind
from storefront.mails.models import MailText
from storefront.mails.samples import make_sample

DARK = "@media (prefers-color-scheme: dark)"
# What the preview may load and do: its own styles and pictures of the site, no more.
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: http: https:; sandbox"
)


def mail_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let staff in who may change texts of mails, send strangers to the sign-in, refuse others."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not (request.user.is_staff and request.user.has_perm("mails.change_mailtext")):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@mail_page
def list_mails(request: HttpRequest) -> HttpResponse:
    """Every kind of mail, and where staff changed it."""
    return render(request, "mail/staff/list.html", {"rows": selectors.list_kinds()})


@mail_page
def show_samples(request: HttpRequest) -> HttpResponse:
    """Every kind with sample data, in every language, as it is sent now."""
    dark = request.GET.get("scheme") == "dark"
    context = {"rows": selectors.list_kinds(), "scheme": "dark" if dark else "light"}
    return render(request, "mail/staff/samples.html", context)


@mail_page
def edit_texts(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """What one kind says in one language, beside its preview."""
    mail_kind = _find(kind, language)
    default = selectors.get_default_texts(kind=mail_kind, language=language)
    kept = MailText.objects.filter(kind=kind, language=language).first()
    given = {"kind": mail_kind, "language": language, "default": default}
    if request.method == "POST":
        form = MailTextForm(request.POST, **given)
        if form.is_valid():
            services.change_texts(
                kind=mail_kind,
                language=language,
                texts=form.cleaned_data,
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("The text has been saved."))
            return redirect("mail-texts:edit", kind=kind, language=language)
    else:
        form = MailTextForm(instance=kept, **given)
    context = {
        "form": form,
        "kind": mail_kind,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "languages": settings.LANGUAGES,
        "values": mail_kind.all_values.items(),
        "is_changed": kept is not None,
        "history": selectors.get_history(kind=mail_kind, language=language)[:20],
    }
    return render(request, "mail/staff/edit.html", context)


@mail_page
@require_POST
def reset(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Back to the default."""
    services.reset_texts(
        kind=_find(kind, language), language=language, by=request.user, at=timezone.now()
    )
    messages.success(request, _("The mail says what it said at first."))
    return redirect("mail-texts:edit", kind=kind, language=language)


@mail_page
@require_POST
def send_test(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Send the kept text with sample data to whoever asks."""
    mail_kind = _find(kind, language)
    mail = services.make_mail(
        kind=mail_kind,
        to=request.user.email,
        language=language,
        context=make_sample(kind=mail_kind, language=language),
    )
    mail.subject = _("[Test] %(subject)s") % {"subject": mail.subject}
    mail.send()
    text = _("A test is on its way to %(address)s.") % {"address": request.user.email}
    messages.success(request, text)
    return redirect("mail-texts:edit", kind=kind, language=language)


@mail_page
@xframe_options_sameorigin
def preview(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The mail with sample data for a frame: with what the form says now, or with what is kept.

    `scheme=dark` shows what a dark mailbox shows, `as=text` the text part.
    """
    mail_kind = _find(kind, language)
    given = request.POST if request.method == "POST" else request.GET
    mail = services.make_mail(
        kind=mail_kind,
        to=request.user.email,
        language=language,
        context=make_sample(kind=mail_kind, language=language),
        texts=_texts_of_form(request, mail_kind, language),
    )
    if given.get("as") == "text":
        answer = HttpResponse(
            f"{mail.subject}\n\n{mail.body}", content_type="text/plain; charset=utf-8"
        )
    else:
        page = str(mail.alternatives[0][0])
        shown = "@media all" if given.get("scheme") == "dark" else "@media not all"
        answer = HttpResponse(re.sub(re.escape(DARK), shown, page))
    answer["Content-Security-Policy"] = PREVIEW_POLICY
    return answer


def _texts_of_form(request: HttpRequest, kind: MailKind, language: str) -> selectors.Texts | None:
    if request.method != "POST":
        return None
    default = selectors.get_default_texts(kind=kind, language=language)
    typed: dict[str, Any] = {part: request.POST.get(part, "")[:4000].strip() for part in PARTS}
    return selectors.Texts(**{part: typed[part] or getattr(default, part) for part in PARTS})


def _find(kind: str, language: str) -> MailKind:
    if kind not in MAIL_KINDS or language not in dict(settings.LANGUAGES):
        raise Http404
    return MAIL_KINDS[kind]
