"""Pages and pictures for tests of the CMS."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from storefront.cms.models import HomePage


def make_home(**fields: Any) -> Any:
    """The default site's home page, in place of Wagtail's welcome page."""
    locale = Locale.objects.get(language_code="en")
    root = Page.get_first_root_node()
    home = root.add_child(
        instance=HomePage(**{"title": "Linden", "slug": "front", "locale": locale, **fields})
    )
    Site.objects.filter(is_default_site=True).update(root_page=home)
    Site.clear_site_root_paths_cache()
    return home


def make_page(kind: type[Any], parent: Any, /, **fields: Any) -> Any:
    """A published page below `parent`."""
    page = kind(**{"title": kind.__name__, "locale": parent.locale, **fields})
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    return kind.objects.get(pk=page.pk)


def make_image(title: str = "Workshop", **fields: Any) -> Any:
    """A picture with words for who cannot see it."""
    buffer = BytesIO()
    Drawing.new("RGB", (80, 60), "#e6ecdc").save(buffer, "PNG")
    file = ContentFile(buffer.getvalue(), name=f"{title}.png")
    return get_image_model().objects.create(
        title=title, file=file, description=f"{title} with a bench", **fields
    )


def picture(image: Any, **words: Any) -> dict[str, Any]:
    """The stored form of a picture block."""
    return {"image": image.pk, "alt_text": image.description, "decorative": False, **words}


def stream(*blocks: tuple[str, Any]) -> str:
    """The stored form of a page's blocks, as the CMS and the translation write it."""
    import json

    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])
