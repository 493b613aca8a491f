"""The staff's pages about the bank's answers: upload, look at what would happen, enter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mlm_plugin.backoffice.books.payouts_forms import ResultForm
from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.payouts import selectors
from mlm_plugin.payouts.files import ChangedFile
from mlm_plugin.payouts.models import PayoutResult
from mlm_plugin.payouts.results import apply_result, dry_run, keep_result
from mlm_plugin.payouts.steps import PayoutError

# Wrong lines are shown first, and so many lines at most.
SHOWN = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def result_list(request: HttpRequest) -> HttpResponse:
    """Answers so far, and the way to bring a new one."""
    form = ResultForm()
    if request.method == "POST":
        require(request, "pay_out")
        form = ResultForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                result = keep_result(
                    name=file.name,
                    content=file.read(),
                    actor=actor_of(request),
                    at=timezone.now(),
                )
            except PayoutError as error:
                form.add_error("file", str(error))
            else:
                return redirect("mlm:staff-payout-result", number=result.pk)
    context = {
        "form": form,
        "page": selectors.list_results(cursor=request.GET.get("before", "")),
        "may_enter": may(request.user, "pay_out"),
    }
    return render(request, "mlm/backoffice/books/payouts_results.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def result_page(request: HttpRequest, number: int) -> HttpResponse:
    """What a file would do, line by line; then all of it is entered, or nothing."""
    if request.method == "POST":
        # Who may not is refused before anything is looked up.
        require(request, "pay_out")
    result = _get_result(number)
    if request.method == "POST":
        try:
            apply_result(result_id=result.pk, actor=actor_of(request), at=timezone.now())
            messages.success(request, _("The bank’s answer is entered."))
        except (PayoutError, ChangedFile, FileNotFoundError) as error:
            messages.error(request, str(error))
        return redirect("mlm:staff-payout-result", number=number)
    context = {"result": result, "may_enter": may(request.user, "pay_out"), "dry_run": None}
    try:
        judged = dry_run(result=result, at=timezone.now())
        answers = sorted(judged.answers, key=lambda answer: answer.effect != "wrong")
        context |= {
            "dry_run": judged,
            "counts": judged.counts,
            "answers": answers[:SHOWN],
            "are_more": len(answers) > SHOWN,
        }
    except (ChangedFile, FileNotFoundError):
        messages.error(request, _("The file is not there any more, or not what it was."))
    return render(request, "mlm/backoffice/books/payouts_result.html", context)


def _get_result(number: int) -> PayoutResult:
    try:
        return selectors.get_result(number=number)
    except (PayoutResult.DoesNotExist, OverflowError) as error:
        raise Http404 from error
