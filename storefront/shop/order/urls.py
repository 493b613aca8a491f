"""A buyer's pages of an order, each twice: in the account and by the signed link for guests."""

from django.urls import URLPattern, path

from storefront.shop.order import views

app_name = "orders"

PAGES = (
    ("invoice.pdf", views.InvoiceView, "invoice"),
    ("credit-notes/<str:number>.pdf", views.CreditNoteView, "credit-note"),
    ("reorder/", views.ReorderView, "reorder"),
    ("cancel/", views.CancelView, "cancel"),
    ("return/", views.ReturnNewView, "return-new"),
    ("returns/<str:number>/", views.ReturnView, "return"),
    ("returns/<str:number>/slip/", views.SlipView, "slip"),
    ("returns/<str:number>/slip.pdf", views.SlipPdfView, "slip-pdf"),
)

urlpatterns: list[URLPattern] = [
    path(f"{start}{rest}", view.as_view(), name=f"{prefix}{name}")
    for start, prefix in (
        ("orders/<str:order_number>/", ""),
        ("order-status/<str:order_number>/<str:hash>/", "guest-"),
    )
    for rest, view, name in PAGES
]
