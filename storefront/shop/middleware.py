"""What Oscar's views leave undone."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found


class MissingObjectMiddleware:
    """An id that does not exist is a page not found.

    Several of Oscar's views look an id from the address up with `get()` and break on one that does
    not exist. Our own views say `get_object_or_404`, so theirs alone are covered: a mistake of ours
    must not pass for a missing page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 404 where an Oscar view with arguments found nothing by them."""
        if "\0" in request.path:
            # PostgreSQL cannot even look for it, in whoever's view.
            return page_not_found(request, error)
        match = request.resolver_match
        if match is None or not match.kwargs or not is_oscars(match.func):
            return None
        # Some of its addresses take any text as an id.
        is_number = str(match.kwargs.get("pk", 0)).removeprefix("-").isdecimal()
        is_forged = isinstance(error, ValueError) and not is_number
        # SQLite cannot look for a number of more than 64 bits.
        if is_forged or isinstance(error, (ObjectDoesNotExist, OverflowError)):
            return page_not_found(request, error)
        return None


def is_oscars(view: Callable[..., Any]) -> bool:
    """Whether the view is one of Oscar's, or ours made from one of them."""
    bases = getattr(getattr(view, "view_class", None), "__mro__", ())
    return any(base.__module__.startswith("oscar.") for base in bases)
