"""Who may enter the staff's network pages: decided here and nowhere else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from mlm_plugin.ledger.actions import Actor


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let staff who may see members in, send strangers to the sign-in, refuse everybody else."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        # Staff without a role has no business with members, points and books.
        if not (request.user.is_staff and request.user.has_perm("mlm_plugin.view_member")):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def change_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A staff page for those who may move members, end memberships and give customers to others."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_change_members(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff_page(guarded)


def may_change_members(user: Any) -> bool:
    """Whether pages offer this user to change members; the pages ask again."""
    return bool(user.is_staff and user.has_perm("mlm_plugin.change_member"))


def import_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A staff page for those who may bring in whole networks."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.has_perm("mlm_plugin.add_member"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff_page(guarded)


def books_page(
    *permissions: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A staff page of the books: opens for whoever may read them and has one of the permissions.

    `permissions` are those of `ledger.models.Action`: prepare_books, approve_books, pay_out. Without
    any, reading is enough.
    """

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not may(request.user, "read_books"):
                raise PermissionDenied
            if permissions and not any(may(request.user, name) for name in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def may(user: Any, permission: str) -> bool:
    """Whether a member of staff has one of the permissions of the books; pages offer what they allow."""
    return bool(user.is_staff and user.has_perm(f"mlm_plugin.{permission}"))


def require(request: HttpRequest, permission: str) -> None:
    """Refuse whoever lacks a permission of the books: for pages that many read and few act on."""
    if not may(request.user, permission):
        raise PermissionDenied


def adjust_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A staff page for those who may add and take points: who changes members or prepares the books."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_adjust(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff_page(guarded)


def may_adjust(user: Any) -> bool:
    """Whether pages offer this user to add and take points."""
    return may_change_members(user) or may(user, "prepare_books")


def actor_of(request: HttpRequest) -> Actor:
    """Who is doing something, and from where, for the log of the books."""
    return Actor(user=request.user, address=get_adapter().get_client_ip(request))
