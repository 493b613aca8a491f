"""Points and prices of all products as a table and as CSV; tax rates and shipping charges."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from mlm_plugin.plan.money import format_points
from storefront.shop.dashboard.catalogue.price_list_forms import (
    PriceListFileForm,
    PriceListFormSet,
    ShippingChargeFormSet,
    TaxRateFormSet,
)
from storefront.shop.prices.price_list import (
    BadPriceList,
    PriceListRow,
    TableRow,
    get_price_list,
    import_price_list,
    save_table,
    write_price_list,
)

PER_PAGE = 50
PROBLEMS_SHOWN = 100


class PriceListView(TemplateView):
    """The table, fifty products a page, saved as a whole."""

    template_name = "oscar/dashboard/catalogue/price_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = get_price_list()
        page = Paginator(table.rows, PER_PAGE).get_page(self.request.GET.get("page"))
        formset = kwargs.pop("formset", None) or PriceListFormSet(
            initial=[_as_initial(row) for row in page.object_list]
        )
        rows = {row.product_id: row for row in table.rows}
        for form in formset:
            number = form["product_id"].value()
            form.row = rows.get(int(number)) if str(number).isdecimal() else None
        return super().get_context_data(
            page_obj=page,
            formset=formset,
            more_columns=[
                column.name for column in table.columns if column.rank or column.min_quantity > 1
            ],
            file_form=kwargs.pop("file_form", None) or PriceListFileForm(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the page, or show it again with what is wrong beside it."""
        formset = PriceListFormSet(request.POST)
        if not formset.is_valid():
            messages.error(request, _("Nothing was saved. Please correct the fields below."))
            return self.render_to_response(self.get_context_data(formset=formset), status=422)
        rows = [TableRow(**form.cleaned_data) for form in formset]
        save_table(rows=rows)
        messages.success(request, _("Points and prices are saved."))
        page = request.GET.get("page", "")
        address = reverse("dashboard:catalogue-price-list")
        return redirect(f"{address}?page={page}" if page.isdecimal() else address)


class PriceListExportView(View):
    """The whole table as CSV."""

    def get(self, request: HttpRequest) -> HttpResponse:
        # With the mark by which spreadsheets know UTF-8.
        content = "\N{ZERO WIDTH NO-BREAK SPACE}" + write_price_list()
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="points-and-prices.csv"'
        return response


class PriceListImportView(PriceListView):
    """Takes a CSV file in, all or nothing."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("dashboard:catalogue-price-list")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PriceListFileForm(request.POST, request.FILES)
        problems: list[tuple[int, str]] = []
        if form.is_valid():
            try:
                count = import_price_list(content=form.cleaned_data["file"].read())
            except BadPriceList as bad:
                problems = bad.problems
            else:
                message = ngettext("%d product was read.", "%d products were read.", count)
                messages.success(request, message % count)
                return redirect("dashboard:catalogue-price-list")
        context = self.get_context_data(
            file_form=form, problems=problems[:PROBLEMS_SHOWN], problem_count=len(problems)
        )
        return self.render_to_response(context, status=422)


class TaxAndDeliveryView(TemplateView):
    """Tax rates by destination and what delivery costs."""

    template_name = "oscar/dashboard/catalogue/tax_and_delivery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rates=kwargs.pop("rates", None) or TaxRateFormSet(prefix="rates"),
            charges=kwargs.pop("charges", None) or ShippingChargeFormSet(prefix="charges"),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save both tables or none."""
        rates = TaxRateFormSet(request.POST, prefix="rates")
        charges = ShippingChargeFormSet(request.POST, prefix="charges")
        if not (rates.is_valid() and charges.is_valid()):
            messages.error(request, _("Nothing was saved. Please correct the fields below."))
            return self.render_to_response(
                self.get_context_data(rates=rates, charges=charges), status=422
            )
        with transaction.atomic():
            rates.save()
            charges.save()
        messages.success(request, _("Tax and delivery are saved."))
        return redirect("dashboard:tax-and-delivery")


def _as_initial(row: PriceListRow) -> dict[str, Any]:
    prices = {name: row.prices.get(name, "") for name in ("retail", "preferred", "member")}
    points = {
        name: "" if value is None else format_points(value)
        for name, value in (("pv", row.pv), ("cv", row.cv))
    }
    return {"product_id": row.product_id, **points, **prices}
