"""Payouts: all of them, what waits, batches with their files, the bank's answers."""

from django.urls import path

from mlm_plugin.backoffice.books import payouts, payouts_batches, payouts_results

urlpatterns = [
    path("books/payouts/", payouts.payout_list, name="staff-payouts"),
    path("books/payouts/<int:number>/", payouts.payout_page, name="staff-payout"),
    path("books/payouts/waiting/", payouts.waiting, name="staff-payouts-waiting"),
    path("books/payouts/batches/", payouts_batches.batch_list, name="staff-payout-batches"),
    path("books/payouts/batches/new/", payouts_batches.batch_new, name="staff-payout-batch-new"),
    path(
        "books/payouts/batches/<int:number>/",
        payouts_batches.batch_page,
        name="staff-payout-batch",
    ),
    path(
        "books/payouts/batches/<int:number>/file.<slug:kind>",
        payouts_batches.batch_file,
        name="staff-payout-file",
    ),
    path("books/payouts/results/", payouts_results.result_list, name="staff-payout-results"),
    path(
        "books/payouts/results/<int:number>/",
        payouts_results.result_page,
        name="staff-payout-result",
    ),
]
