"""Oscar's reports; what people typed is no formula in the files."""

from collections.abc import Iterable
from typing import Any

from oscar.apps.dashboard.reports import reports as oscar_reports
from oscar.apps.dashboard.reports.reports import ReportGenerator, ReportHTMLFormatter
from oscar.core.compat import UnicodeCSVWriter

from storefront.shop.prices.price_list import harmless_cell

__all__ = ["ReportCSVFormatter", "ReportGenerator", "ReportHTMLFormatter"]


class HarmlessCSVWriter(UnicodeCSVWriter):
    """Writes texts so that no spreadsheet runs them."""

    def writerow(self, row: Iterable[Any]) -> None:
        """Numbers stay as they are: a minus in front of one is no formula."""
        super().writerow(
            cell if isinstance(cell, int | float) else harmless_cell(str(cell)) for cell in row
        )


class ReportCSVFormatter(oscar_reports.ReportCSVFormatter):
    """All reports write through this one."""

    def get_csv_writer(self, file_handle: Any, **kwargs: Any) -> HarmlessCSVWriter:
        return HarmlessCSVWriter(open_file=file_handle, **kwargs)
