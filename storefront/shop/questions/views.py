"""Questions about a product: reading, searching, asking, and confirming one's address."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.core.loading import get_model

from storefront.shop.questions import selectors, services
from storefront.shop.questions.forms import QuestionForm
from storefront.shop.questions.models import Question

PER_PAGE = 20


class QuestionsView(View):
    """All answered questions of a product, or those with some words; a POST asks a new one."""

    template_name = "shop/questions/list.html"

    def get(self, request: HttpRequest, product_pk: int) -> HttpResponse:
        return self._show(request, _get_product(product_pk), QuestionForm(user=request.user))

    def post(self, request: HttpRequest, product_pk: int) -> HttpResponse:
        """Take the question; what a machine wrote gets the same thanks and is dropped."""
        product = _get_product(product_pk)
        form = QuestionForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._show(request, product, form, status=422)
        email = form.cleaned_data.get("email", "").lower()
        if not form.is_trap:
            if not ratelimit.consume(
                request, action="ask_question", key=email or str(request.user.pk)
            ):
                form.add_error(None, _("These were many questions at once. Please wait an hour."))
                return self._show(request, product, form, status=429)
            name = request.user.first_name if request.user.is_authenticated else ""  # type: ignore[union-attr]
            services.ask_question(
                product_id=product.pk,
                text=form.cleaned_data["text"],
                user=request.user,
                name=form.cleaned_data.get("name") or name,
                email=email,
                language=get_language() or "",
                at=timezone.now(),
            )
        if email:
            text = _("Please confirm your address: we have written to %(email)s.")
            messages.success(request, text % {"email": email})
        else:
            messages.success(request, _("Thank you. We answer here and write to you."))
        return redirect(f"{product.get_absolute_url()}#questions")

    def _show(
        self, request: HttpRequest, product: Any, form: QuestionForm, status: int = 200
    ) -> HttpResponse:
        query = request.GET.get("q", "")[: selectors.SEARCH_LENGTH]
        found = selectors.search_answered(
            product_id=product.pk, language=get_language() or "", query=query
        )
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {"product": product, "page_obj": page, "query": query, "question_form": form}
        return render(request, self.template_name, context, status=status)


class ConfirmView(View):
    """The link of the mail opens a page with a button, which confirms."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        question = _get_unconfirmed(key)
        return render(request, "shop/questions/confirm.html", {"question": question})

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        question = _get_unconfirmed(key)
        services.confirm_question(key=key)
        messages.success(request, _("Thank you. We answer here and write to you."))
        return redirect(f"{question.product.get_absolute_url()}#questions")


def _get_product(number: int) -> Any:
    products = get_model("catalogue", "Product").objects.filter(is_public=True, parent=None)
    return get_object_or_404(products, pk=number)


def _get_unconfirmed(key: str) -> Question:
    if "\0" in key:
        raise Http404
    waiting = Question.objects.filter(status=Question.Status.UNCONFIRMED)
    return get_object_or_404(waiting.select_related("product"), key=key)
