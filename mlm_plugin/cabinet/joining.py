"""`/join/`: the way into the network, in steps that can be left, gone back to and continued.

Below whom, the first that holds: the member a customer is bound to (the choice was made with the
first order or registration, and only staff change it), a personal invitation, the code or name chosen
here, the referral link, the member of `MLM["JOIN_SPONSOR"]`. Whoever it is, the name has been on the
screen before anybody joins. The last step asks to sign in; until then the browser's session holds the
application.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import verified_email_required
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.cabinet.joining_steps import HANDLERS, Facts, Page, get_facts
from mlm_plugin.conf import get_content, get_setting
from mlm_plugin.network.application_invitations import claim_application
from mlm_plugin.network.application_selectors import (
    get_by_token,
    get_last_declined,
    get_of_user,
)
from mlm_plugin.network.application_steps import Step, may_enter, next_step
from mlm_plugin.network.applications import (
    Incomplete,
    NotUnderWay,
    begin_application,
    choose_sponsor,
    send_application,
    withdraw_application,
)
from mlm_plugin.network.models import Application, Member
from mlm_plugin.network.selectors import (
    get_binding,
    get_creditable_member,
    get_member_of_user,
)
from mlm_plugin.network.services import NetworkError

SESSION_KEY = "application"


@dataclass(frozen=True)
class Invitation:
    """Below whom somebody would join, and whether another member may be named instead."""

    sponsor: Member | None
    is_fixed: bool = False


@never_cache
@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """What joining is and which steps it has; where to begin, or to go on."""
    if _is_member(request):
        return redirect("mlm:my-home")
    application = find_application(request)
    if application and application.state == Application.State.SENT:
        return render(request, "mlm/join/waiting.html", {"application": application})
    facts = get_facts(request=request, application=application)
    invitation = find_invitation(request=request, application=application)
    declined = (
        get_last_declined(user_id=request.user.pk)
        if request.user.is_authenticated and not application
        else None
    )
    context = {
        "application": application,
        "sponsor": invitation.sponsor,
        "declined": declined,
        "steps": facts.names,
        "next": _go_on(request, application, facts),
    }
    return render(request, "mlm/join/start.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: shown, checked, kept; then the next one that is not finished."""
    if _is_member(request):
        return redirect("mlm:my-home")
    application = find_application(request)
    if application and application.state == Application.State.SENT:
        return redirect("mlm:join")
    facts = get_facts(request=request, application=application)
    here = Step(name)
    done = _get_done(request, application)
    if not may_enter(here, steps=facts.steps, done=done):
        return redirect(_address(next_step(steps=facts.steps, done=done)))
    try:
        answer = _show_step(Page(request, application, facts, here))
    except NotUnderWay as error:
        messages.error(request, str(error))
        return redirect("mlm:join")
    return answer or _forward(request, facts)


@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """The personal link of an invitation or a reminder: the application goes on in this browser."""
    application = get_by_token(token=token)
    if application is None:
        messages.info(request, _("This link is not valid any more. You can begin anew here."))
        return redirect("mlm:join")
    if application.user_id is None:
        request.session[SESSION_KEY] = application.token
    elif not request.user.is_authenticated:
        return redirect_to_login(reverse("mlm:join"))
    return redirect("mlm:join")


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """The applicant takes everything back that was filled in."""
    application = find_application(request)
    if application is not None:
        try:
            withdraw_application(application_id=application.pk)
        except NotUnderWay as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Everything you had filled in is erased."))
    return redirect("mlm:join")


@require_safe
@cabinet_page
def welcome(request: HttpRequest, member: Member) -> HttpResponse:
    """The new member's referral link, and what to do next."""
    link = request.build_absolute_uri(reverse("mlm:referral", args=[member.code]))
    application: Application | None = getattr(member, "application", None)
    wants_kit = bool(application and application.wants_kit and get_setting("STARTER_KIT"))
    context = {"member": member, "link": link, "wants_kit": wants_kit}
    return render(request, "mlm/join/welcome.html", context)


def find_application(request: HttpRequest) -> Application | None:
    """The application of this account or this browser; signing in takes the browser's along."""
    token = request.session.get(SESSION_KEY, "")
    if not request.user.is_authenticated:
        found = get_by_token(token=token)
        return found if found and found.user_id is None else None
    if token:
        claim_application(token=token, user=request.user, claimed_at=timezone.now())
        del request.session[SESSION_KEY]
    return get_of_user(user_id=request.user.pk)


def find_invitation(*, request: HttpRequest, application: Application | None = None) -> Invitation:
    """Below whom this visitor would join without choosing anybody; at most three queries."""
    if request.user.is_authenticated:
        binding = get_binding(user_id=request.user.pk)
        if binding and binding.member.may_be_credited:
            return Invitation(binding.member, is_fixed=True)
    chosen = application.sponsor if application else None
    if application and chosen and chosen.may_be_credited:
        return Invitation(chosen, is_fixed=application.is_sponsor_fixed)
    referral: Any = getattr(request, "referral", None)
    by_link = get_creditable_member(code=referral.code) if referral else None
    return Invitation(by_link or get_creditable_member(code=get_setting("JOIN_SPONSOR")))


def _show_step(page: Page) -> HttpResponse | None:
    """The page of a step; None when the step is finished."""
    if page.here == Step.SPONSOR:
        return _show_sponsor(page)
    if page.here != Step.SUMMARY:
        return HANDLERS[page.here](page)
    if not page.request.user.is_authenticated:
        return page.show({"back": reverse("mlm:join-summary"), "asks_to_sign_in": True})
    summary: HttpResponse = _show_summary(page.request, page)
    return summary


def _show_sponsor(page: Page) -> HttpResponse | None:
    """The sponsor by link, code or name: shown first, confirmed then."""
    request = page.request
    invitation = find_invitation(request=request, application=page.application)
    problem = ""
    if request.method == "POST":
        sponsor = get_creditable_member(code=request.POST.get("shown_code", ""))
        is_other = invitation.is_fixed and sponsor != invitation.sponsor
        if sponsor and not is_other:
            _confirm_sponsor(page, sponsor, is_fixed=invitation.is_fixed)
            return None
        problem = _("Nobody can join below this member at the moment. Please choose again.")
    code, query = request.GET.get("code", "").strip(), request.GET.get("q", "").strip()
    sponsor = invitation.sponsor
    found = []
    if not invitation.is_fixed and code:
        sponsor = get_creditable_member(code=code)
        if sponsor is None:
            problem = _("No active member has this code. Please ask the person who invited you.")
    elif not invitation.is_fixed and query:
        found = get_content().find_listed_members(query=query[:100])
    context = {
        "sponsor": sponsor,
        "is_fixed": invitation.is_fixed,
        "code": code,
        "query": query,
        "found": found,
        "problem": problem,
    }
    return page.show(context)


def _confirm_sponsor(page: Page, sponsor: Member, *, is_fixed: bool) -> None:
    request, application = page.request, page.application
    now = timezone.now()
    if application is None:
        user = request.user if request.user.is_authenticated else None
        application = begin_application(
            language=get_language() or "en", started_at=now, user=user, sponsor_id=sponsor.pk
        )
        if user is None:
            request.session[SESSION_KEY] = application.token
    choose_sponsor(
        application_id=application.pk, sponsor_id=sponsor.pk, is_fixed=is_fixed, chosen_at=now
    )


@verified_email_required
def _show_summary(request: HttpRequest, page: Page) -> HttpResponse:
    """Everything once more, and the button that sends it."""
    application = page.application
    assert application is not None
    if request.method == "POST":
        try:
            sent = send_application(
                application_id=application.pk,
                user=request.user,
                steps=page.facts.steps,
                sent_at=timezone.now(),
            )
        except Incomplete as error:
            messages.error(request, str(error))
            return redirect(_address(Step(error.step)))
        except NetworkError as error:
            messages.error(request, str(error))
            return redirect("mlm:join")
        is_member = sent.state == Application.State.JOINED
        return redirect("mlm:join-welcome" if is_member else "mlm:join")
    return page.show({"asks_to_sign_in": False})


def _forward(request: HttpRequest, facts: Facts) -> HttpResponse:
    """To the first step that is not finished, as the application is now."""
    done = _get_done(request, find_application(request))
    return redirect(_address(next_step(steps=facts.steps, done=done)))


def _get_done(request: HttpRequest, application: Application | None) -> list[str]:
    """Finished steps; a sponsor who is not the one any more has to be confirmed again."""
    if application is None:
        return []
    invitation = find_invitation(request=request, application=application)
    if invitation.sponsor is None or invitation.sponsor.pk != application.sponsor_id:
        return [each for each in application.steps if each != Step.SPONSOR]
    return list(application.steps)


def _go_on(request: HttpRequest, application: Application | None, facts: Facts) -> str:
    done = _get_done(request, application)
    address = _address(next_step(steps=facts.steps, done=done))
    referral: Any = getattr(request, "referral", None)
    # Where no cookie may be set, the address carries the code.
    return f"{address}?ref={referral.code}" if referral and not application else address


def _address(here: Step) -> str:
    return reverse(f"mlm:join-{here}")


def _is_member(request: HttpRequest) -> bool:
    if not request.user.is_authenticated:
        return False
    member = get_member_of_user(user_id=request.user.pk)
    # Whoever's membership has ended may apply again.
    return member is not None and member.status != Member.Status.TERMINATED
