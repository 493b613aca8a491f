"""Which days are closed, and closing through a day by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mlm_plugin.backoffice import selectors
from mlm_plugin.backoffice.forms import CloseBooksForm
from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.conf import business_day
from mlm_plugin.ledger.closing import close_days
from mlm_plugin.ledger.services import CannotClose


@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def days(request: HttpRequest) -> HttpResponse:
    """The closings, for everybody who reads the books; the form, for who prepares them."""
    now = timezone.now()
    may_close = may(request.user, "prepare_books")
    form = CloseBooksForm(request.POST or None)
    if request.method == "POST":
        require(request, "prepare_books")
        if form.is_valid():
            try:
                close_days(through=form.cleaned_data["through"], actor=actor_of(request), at=now)
            except CannotClose as error:
                form.add_error("through", str(error))
            else:
                messages.success(request, _("The books are closed through that day."))
                return redirect("mlm:staff-books-days")
    context = {
        "form": form if may_close else None,
        "closings": selectors.get_closings(),
        "today": business_day(now),
    }
    return render(request, "mlm/backoffice/books/days.html", context)
