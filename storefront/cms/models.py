"""Pages of the site, and what members say of themselves; each kind in a file of its own."""

from storefront.cms.messages import ContactMessage
from storefront.cms.pages.contact import ContactField, ContactPage
from storefront.cms.pages.content import ContentPage
from storefront.cms.pages.events import EventPage
from storefront.cms.pages.faq import FaqPage
from storefront.cms.pages.home import HomePage
from storefront.cms.pages.landing import LandingPage
from storefront.cms.pages.legal import LegalKind, LegalPage, LegalVersion
from storefront.cms.pages.news import NewsIndexPage, NewsPage, NewsTag
from storefront.cms.storefronts.models import ChosenProduct, MemberStorefront

__all__ = [
    "ChosenProduct",
    "ContactField",
    "ContactMessage",
    "ContactPage",
    "ContentPage",
    "EventPage",
    "FaqPage",
    "HomePage",
    "LandingPage",
    "LegalKind",
    "LegalPage",
    "LegalVersion",
    "MemberStorefront",
    "NewsIndexPage",
    "NewsPage",
    "NewsTag",
]
