"""Who may enter the staff's network pages: decided here and nowhere else."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let staff in, send strangers to the sign-in, refuse everybody else."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
