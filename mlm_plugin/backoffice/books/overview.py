"""The books at a glance: what is to be done next, and by whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlm_plugin.backoffice.books import overview_selectors
from mlm_plugin.backoffice.permissions import books_page, may


@require_safe
@books_page()
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, first what this person may do; the last things that were done."""
    waiting = overview_selectors.get_waiting(at=timezone.now(), user_id=request.user.pk)
    context = {
        "own": [each for each in waiting if may(request.user, each.permission)],
        "others": [each for each in waiting if not may(request.user, each.permission)],
        "actions": overview_selectors.get_last_actions(),
        "latest_plan": overview_selectors.get_plan_in_force(at=timezone.now()),
    }
    return render(request, "mlm/backoffice/books/overview.html", context)
