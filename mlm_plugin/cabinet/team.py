"""The own team as a tree and as a table. Whoever is not in it does not exist here."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.exporting import write_csv
from mlm_plugin.volumes.team_list import export_team, read_team_list
from mlm_plugin.volumes.tree import read_view
from mlm_plugin.volumes.tree_answers import answer_branch, answer_find, answer_path, get_screen
from mlm_plugin.volumes.tree_rows import TreeView


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


@require_safe
@never_cache
@cabinet_page
def team_list(request: HttpRequest, member: Member) -> HttpResponse:
    """The own downline as a table, filtered and sorted."""
    view = _sponsors(request, member)
    found = read_team_list(view=view, parameters=request.GET)
    context = {
        "member": member,
        "page": "team",
        "team": found,
        "tree_url": reverse("mlm:my-team"),
        "file_url": reverse("mlm:my-team-file"),
        "members_url": reverse("mlm:my-team"),
    }
    return render(request, "mlm/cabinet/team_list.html", context)


@require_safe
@never_cache
@cabinet_page
def team_file(request: HttpRequest, member: Member) -> HttpResponse:
    """The same list, all of it, as CSV."""
    rows = export_team(view=_sponsors(request, member), parameters=request.GET)
    return StreamingHttpResponse(
        write_csv(rows=rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="team-{member.code}.csv"'},
    )


def _sponsors(request: HttpRequest, member: Member) -> TreeView:
    """The list is of the sponsor tree, whatever the address says."""
    period = {"period": request.GET.get("period", "")}
    return read_view(head=member, parameters=period, now=timezone.now())
