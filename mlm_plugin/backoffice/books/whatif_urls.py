"""What another plan would have paid."""

from django.urls import path

from mlm_plugin.backoffice.books import whatif

urlpatterns = [
    path("books/what-if/", whatif.what_if_list, name="staff-what-ifs"),
    path("books/what-if/new/", whatif.what_if_new, name="staff-what-if-new"),
    path("books/what-if/<int:number>/", whatif.what_if, name="staff-what-if"),
    path("books/what-if/<int:number>.csv", whatif.what_if_file, name="staff-what-if-file"),
]
