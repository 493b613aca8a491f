"""`/robots.txt`: what search engines may read."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control

from storefront.site_content.meta import is_open_to_search

# Nothing there is for readers of search results, and filters would be read without end. The basket
# says `noindex` while it is empty, as robots find it, and the checkout sends them there.
NOT_FOR_ROBOTS = (
    "/accounts/",
    "/admin/",
    "/cms/",
    "/dashboard/",
    "/documents/",
    "/my/",
    "/payments/",
    "/r/",
    "/shop/accounts/",
    "/shop/search/",
    "/*?*sort=",
    "/*?*next=",
)


@cache_control(public=True, max_age=3600)
def show(request: HttpRequest) -> HttpResponse:
    """Everything public, or nothing on a demo and in a closed shop."""
    if is_open_to_search():
        sitemap = request.build_absolute_uri(reverse("sitemap"))
        lines = [f"Disallow: {path}" for path in NOT_FOR_ROBOTS] + ["", f"Sitemap: {sitemap}"]
    else:
        lines = ["Disallow: /"]
    return HttpResponse("\n".join(["User-agent: *", *lines, ""]), content_type="text/plain")
