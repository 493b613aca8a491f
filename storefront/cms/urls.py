"""Wagtail's addresses of pages, with our way of finding them."""

from django.urls import re_path
from wagtail import urls as wagtail_urls

from storefront.cms.routing import serve
from storefront.languages import CMS_PAGE

urlpatterns = [
    *(each for each in wagtail_urls.urlpatterns if each.name != CMS_PAGE),
    re_path(wagtail_urls.serve_pattern, serve, name=CMS_PAGE),
]
