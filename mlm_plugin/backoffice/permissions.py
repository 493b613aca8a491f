"""Who may enter the staff's network pages: decided here and nowhere else."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


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
