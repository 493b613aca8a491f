"""Questions about products: what waits for an answer, and answering it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from storefront.shop.questions import selectors, services
from storefront.shop.questions.forms import AnswerForm
from storefront.shop.questions.models import Question

PER_PAGE = 30
SHOWN = (Question.Status.OPEN, Question.Status.PUBLISHED, Question.Status.REJECTED)


class QuestionListView(TemplateView):
    """Open questions first; published and rejected ones by a chip."""

    template_name = "oscar/dashboard/catalogue/question_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status = self.request.GET.get("status")
        if status not in SHOWN:
            status = Question.Status.OPEN
        waiting = selectors.get_waiting(status=status)
        page = Paginator(waiting, PER_PAGE).get_page(self.request.GET.get("page"))
        counts = selectors.count_by_status()
        chips = [(each.value, each.label, counts[each.value]) for each in SHOWN]
        return super().get_context_data(page_obj=page, chips=chips, status=status, **kwargs)


class QuestionView(TemplateView):
    """One question: answer and publish it, or keep it off the page."""

    template_name = "oscar/dashboard/catalogue/question.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questions = Question.objects.select_related("product", "user", "answered_by", "rejected_by")
        question = get_object_or_404(questions, pk=kwargs["pk"])
        form = kwargs.pop("form", None) or AnswerForm(initial={"answer": question.answer})
        return super().get_context_data(question=question, form=form, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish the answer, or reject."""
        question = get_object_or_404(Question, pk=pk)
        if "reject" in request.POST:
            services.reject_question(question_id=question.pk, by=request.user, at=timezone.now())
            messages.success(request, _("The question is not shown."))
            return redirect("dashboard:question-list")
        form = AnswerForm(request.POST)
        if form.is_valid():
            try:
                services.publish_answer(
                    question_id=question.pk,
                    answer=form.cleaned_data["answer"],
                    by=request.user,
                    at=timezone.now(),
                )
            except services.CannotAnswer as error:
                form.add_error("answer", str(error))
            else:
                messages.success(request, _("The answer is on the page."))
                return redirect("dashboard:question-list")
        return self.render_to_response(self.get_context_data(pk=pk, form=form), status=422)
