from oscar.apps.dashboard.reports.apps import ReportsDashboardConfig as OscarReportsDashboardConfig


class ReportsDashboardConfig(OscarReportsDashboardConfig):
    name = "storefront.shop.dashboard.reports"
