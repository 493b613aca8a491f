"""The list of what was sent with a form, in the CMS."""

from typing import Any

from wagtail.contrib.forms.views import SubmissionsListView

from storefront.shop.prices.price_list import harmless_cell


class HarmlessSubmissionsView(SubmissionsListView):
    """Wagtail's, whose CSV file runs nothing of what strangers typed."""

    def write_csv_row(self, writer: Any, row_dict: dict[str, Any]) -> Any:
        """Wagtail guards formulas in XLSX files only."""
        row = {
            field: harmless_cell(value) if isinstance(value, str) else value
            for field, value in row_dict.items()
        }
        return super().write_csv_row(writer, row)
