"""The staff's view of any member's branch: the tree and the table, with everything in them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.backoffice import selectors
from mlm_plugin.backoffice.permissions import staff_page
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.exporting import write_csv
from mlm_plugin.volumes.team_list import export_team, read_team_list
from mlm_plugin.volumes.tree import read_view
from mlm_plugin.volumes.tree_answers import answer_branch, answer_find, answer_path, get_screen
from mlm_plugin.volumes.tree_rows import SPONSOR, TreeView


@require_safe
@never_cache
@staff_page
def tree(request: HttpRequest, code: str) -> HttpResponse:
    """The tree from a member on, or from one below (`of`)."""
    try:
        view = _read_view(request, code)
        screen = get_screen(view=view, parameters=request.GET)
    except Member.DoesNotExist as error:
        raise Http404 from error
    head = view.head.code
    addresses = {
        "page": reverse("mlm:staff-tree", args=[head]),
        "branch": reverse("mlm:staff-tree-branch", args=[head]),
        "find": reverse("mlm:staff-tree-find", args=[head]),
        "path": reverse("mlm:staff-tree-path", args=[head]),
        "members": reverse("mlm:staff-members"),
    }
    context = {"member": view.head, "screen": screen, "addresses": addresses}
    return render(request, "mlm/backoffice/tree.html", context)


@require_safe
@never_cache
@staff_page
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """Part of a first line, for the script."""
    return _answer(request, code, answer_branch)


@require_safe
@never_cache
@staff_page
def find(request: HttpRequest, code: str) -> HttpResponse:
    """Members found by name or code, for the script."""
    return _answer(request, code, answer_find)


@require_safe
@never_cache
@staff_page
def path(request: HttpRequest, code: str) -> HttpResponse:
    """What to open until a member is seen, for the script."""
    return _answer(request, code, answer_path)


def _read_view(request: HttpRequest, code: str) -> TreeView:
    head = selectors.get_member(code=code)
    return read_view(head=head, parameters=request.GET, now=timezone.now(), is_staff=True)


def _answer(
    request: HttpRequest, code: str, answer: Callable[..., Mapping[str, Any]]
) -> HttpResponse:
    try:
        return JsonResponse(answer(view=_read_view(request, code), parameters=request.GET))
    except Member.DoesNotExist as error:
        raise Http404 from error


@require_safe
@never_cache
@staff_page
def team_list(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody below a member as a table, filtered and sorted."""
    try:
        view = replace(_read_view(request, code), tree=SPONSOR)
    except Member.DoesNotExist as error:
        raise Http404 from error
    head = view.head.code
    context = {
        "member": view.head,
        "team": read_team_list(view=view, parameters=request.GET),
        "tree_url": reverse("mlm:staff-tree", args=[head]),
        "file_url": reverse("mlm:staff-team-file", args=[head]),
        "members_url": reverse("mlm:staff-members"),
    }
    return render(request, "mlm/backoffice/team_list.html", context)


@require_safe
@never_cache
@staff_page
def team_file(request: HttpRequest, code: str) -> HttpResponse:
    """The same list, all of it, as CSV."""
    try:
        view = replace(_read_view(request, code), tree=SPONSOR)
    except Member.DoesNotExist as error:
        raise Http404 from error
    return StreamingHttpResponse(
        write_csv(rows=export_team(view=view, parameters=request.GET)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="team-{view.head.code}.csv"'},
    )
