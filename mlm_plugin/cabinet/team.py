"""The member's team: the tree of the own downline. Whoever is not in it does not exist here."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.tree import read_view
from mlm_plugin.volumes.tree_answers import answer_branch, answer_find, answer_path, get_screen


@require_safe
@never_cache
@cabinet_page
def team(request: HttpRequest, member: Member) -> HttpResponse:
    """The tree, from the member or from one below (`of`) on."""
    view = read_view(head=member, parameters=request.GET, now=timezone.now())
    try:
        screen = get_screen(view=view, parameters=request.GET)
    except Member.DoesNotExist as error:
        raise Http404 from error
    addresses = {
        "page": reverse("mlm:my-team"),
        "branch": reverse("mlm:my-team-branch"),
        "find": reverse("mlm:my-team-find"),
        "path": reverse("mlm:my-team-path"),
        "members": reverse("mlm:my-team"),
    }
    context = {"member": member, "page": "team", "screen": screen, "addresses": addresses}
    return render(request, "mlm/cabinet/team.html", context)


@require_safe
@never_cache
@cabinet_page
def branch(request: HttpRequest, member: Member) -> HttpResponse:
    """Part of a first line, for the script."""
    return _answer(request, member, answer_branch)


@require_safe
@never_cache
@cabinet_page
def find(request: HttpRequest, member: Member) -> HttpResponse:
    """Members found by name or code, for the script."""
    return _answer(request, member, answer_find)


@require_safe
@never_cache
@cabinet_page
def path(request: HttpRequest, member: Member) -> HttpResponse:
    """What to open until a member is seen, for the script."""
    return _answer(request, member, answer_path)


def _answer(
    request: HttpRequest, member: Member, answer: Callable[..., Mapping[str, Any]]
) -> HttpResponse:
    view = read_view(head=member, parameters=request.GET, now=timezone.now())
    try:
        return JsonResponse(answer(view=view, parameters=request.GET))
    except Member.DoesNotExist as error:
        raise Http404 from error
