"""`{% stylesheets "theme/all.css" %}`: links to the parts, or to the whole where it was made."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from theme.bundles import BUNDLES

register = template.Library()


@register.simple_tag
def stylesheets(bundle: str) -> SafeString:
    """Link the bundle that `collectstatic` made, or its parts, so that an edit shows at once."""
    made = getattr(staticfiles_storage, "hashed_files", {})
    names = (bundle,) if bundle in made and not settings.DEBUG else BUNDLES[bundle]
    link = '<link rel="stylesheet" href="{}">'
    return format_html_join("\n", link, ((static(name),) for name in names))
