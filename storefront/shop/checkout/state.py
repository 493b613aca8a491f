"""What one visitor has said so far in the checkout, and the basket priced accordingly."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from oscar.apps.checkout.utils import CheckoutSessionData
from oscar.core.loading import get_class, get_model

from mlm_plugin.shop.wallet import get_spendable
from storefront.cms.legal import get_versions_in_force
from storefront.cms.models import LegalKind
from storefront.shop.basket.selectors import (
    dress_lines,
    get_countries,
    get_gift_note,
    name_country,
)
from storefront.shop.basket.services import write_gift_note
from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.payments.money import minor_units, price
from storefront.shop.payments.selectors import get_saved_cards
from storefront.shop.payments.snapshot import LegalText, freeze_address
from storefront.shop.prices.services import remember_destination

ShippingAddress = get_model("order", "ShippingAddress")
Country = get_model("address", "Country")

# Ids of the attempts and orders of this browser: whoever has another browser does not see them.
ATTEMPTS_KEY = "checkout_attempts"
THANKS_KEY = "checkout_order_id"
THANKED_KEY = "checkout_thanked_order_id"
# How much the buyer wants to pay from the wallet, in the smallest unit.
WALLET_KEY = "checkout_wallet"

# What a buyer is shown beside the button that buys.
SHOWN_TEXTS = (LegalKind.TERMS, LegalKind.WITHDRAWAL, LegalKind.PRIVACY)


class Checkout:
    """The checkout of one request; reads lazily, so that a page pays only for what it shows."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.said = CheckoutSessionData(request)

    @property
    def user(self) -> Any:
        """The signed-in buyer, or None for a guest."""
        return self.request.user if self.request.user.is_authenticated else None

    @property
    def email(self) -> str:
        """Where mails about the order go; empty as long as a guest has not said."""
        return self.user.email if self.user else self.said.get_guest_email() or ""

    @property
    def may_buy(self) -> bool:
        """False for outsiders of a closed shop."""
        return bool(self.request.strategy.shows_prices)  # type: ignore[attr-defined]

    @cached_property
    def countries(self) -> list[Any]:
        """Where goods are sent to."""
        return get_countries()

    @cached_property
    def saved_addresses(self) -> list[Any]:
        """The addresses of the account that goods can be sent to, the usual one first."""
        if self.user is None:
            return []
        addresses = self.user.addresses.filter(country__is_shipping_country=True)
        return list(addresses.select_related("country").order_by("-is_default_for_shipping", "-pk"))

    @cached_property
    def saved_cards(self) -> list[Any]:
        """The cards the account kept."""
        return get_saved_cards(user=self.user)

    @property
    def gift_note(self) -> str:
        """What the slip in the parcel will say."""
        return get_gift_note(session=self.request.session, basket_id=self.basket.pk)

    @cached_property
    def legal_texts(self) -> list[LegalText]:
        """The texts in force in the visitor's language or, where there is none, the shop's."""
        versions = get_versions_in_force(
            kinds=SHOWN_TEXTS,
            languages=[get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE],
            at=timezone.now(),
        )
        return [
            LegalText(
                version=each.pk,
                kind=each.kind,
                language=each.language,
                title=each.title,
                number=each.number,
                valid_from=each.valid_from,
                url=each.url,
            )
            for each in versions
        ]

    @cached_property
    def lines(self) -> list[Any]:
        """The basket's lines with picture and name in the visitor's language."""
        return dress_lines(lines=self.basket.all_lines())

    @cached_property
    def needs_shipping(self) -> bool:
        """Whether anything in the basket travels."""
        return bool(self.request.basket.is_shipping_required())  # type: ignore[attr-defined]

    @cached_property
    def address(self) -> Any:
        """The unsaved shipping address, or None."""
        fields = self.said.new_shipping_address_fields()
        if not fields or not self.needs_shipping:
            return None
        address = ShippingAddress(**fields)
        country = Country.objects.filter(pk=address.country_id).first()
        if country is None:
            return None
        address.country = name_country(country=country)
        return address

    def ship_to(self, address: Any) -> None:
        """Send the goods to this address; its country decides tax and shipping from now on."""
        # Oscar writes the phone number down itself and wants it as an object.
        said = {**freeze_address(address), "phone_number": address.phone_number or ""}
        self.said.ship_to_new_address(said)
        remember_destination(session=self.request.session, country_code=address.country_id)

    @cached_property
    def basket(self) -> Any:
        """The basket with the prices of the destination and the offers on them."""
        basket = self.request.basket  # type: ignore[attr-defined]
        if self.address and self.address.country_id != basket.strategy.country_code:
            basket.strategy = get_class("partner.strategy", "Selector")().strategy(
                request=self.request,
                user=self.request.user,
                country_code=self.address.country_id,
            )
            basket.reset_offer_applications()
            get_class("offer.applicator", "Applicator")().apply(
                basket, self.request.user, self.request
            )
        return basket

    @cached_property
    def shipping_methods(self) -> list[Any]:
        """The methods offered for this basket and address."""
        repository = get_class("shipping.repository", "Repository")()
        return list(
            repository.get_shipping_methods(
                basket=self.basket,
                shipping_addr=self.address,
                user=self.request.user,
                request=self.request,
            )
        )

    @property
    def shipping_method(self) -> Any:
        """The chosen method if it is still offered, else None; goods that do not travel need none."""
        if not self.needs_shipping:
            return self.shipping_methods[0]
        code = self.said.shipping_method_code(self.basket)
        return next((each for each in self.shipping_methods if each.code == code), None)

    @cached_property
    def shipping_charge(self) -> Any:
        """The price of the chosen method, or None."""
        method = self.shipping_method
        return method.calculate(self.basket) if method else None

    @property
    def total(self) -> Any:
        """What is to be paid, tax included: a Decimal."""
        shipping = self.shipping_charge.incl_tax if self.shipping_charge else 0
        return self.basket.total_incl_tax + shipping

    @property
    def tax(self) -> Any:
        """The tax in `total`."""
        shipping = self.shipping_charge.tax if self.shipping_charge else 0
        return self.basket.total_tax + shipping

    @property
    def total_minor(self) -> int:
        """`total` in the currency's smallest unit."""
        return minor_units(self.total, currency=self.basket.currency)

    @cached_property
    def spendable(self) -> int:
        """What the signed-in member could pay from the wallet, in the smallest unit."""
        return get_spendable(user=self.user, currency=self.basket.currency)

    @property
    def spendable_price(self) -> Any:
        """`spendable` as a Decimal."""
        return price(self.spendable, currency=self.basket.currency)

    @cached_property
    def wallet_share(self) -> int:
        """What comes from the wallet: as much as was asked for, is there, and the order costs."""
        wanted = self.request.session.get(WALLET_KEY, 0)
        return min(wanted, self.total_minor, self.spendable) if wanted else 0

    @property
    def wallet_price(self) -> Any:
        """`wallet_share` as a Decimal."""
        return price(self.wallet_share, currency=self.basket.currency)

    @property
    def charged_minor(self) -> int:
        """What is left for card or transfer, in the smallest unit."""
        return self.total_minor - self.wallet_share

    @property
    def charged_price(self) -> Any:
        """`charged_minor` as a Decimal."""
        return price(self.charged_minor, currency=self.basket.currency)

    def use_wallet(self, amount: int) -> None:
        """Pay up to this much from the wallet, in the smallest unit; nothing forgets it."""
        self.request.session[WALLET_KEY] = amount

    def remember_attempt(self, attempt: CheckoutAttempt) -> None:
        """Let this browser see the attempt later on."""
        known = self.request.session.get(ATTEMPTS_KEY, [])
        self.request.session[ATTEMPTS_KEY] = [*known[-9:], attempt.public_id]

    def owns(self, attempt: CheckoutAttempt) -> bool:
        """Whether this browser started the attempt, or its signed-in user did."""
        if attempt.user_id:
            return self.user is not None and self.user.pk == attempt.user_id
        return attempt.public_id in self.request.session.get(ATTEMPTS_KEY, [])

    def finish(self, order: Any) -> None:
        """Forget what was said; the next page says thanks for this order."""
        self.said.flush()
        self.use_wallet(0)
        write_gift_note(session=self.request.session, basket_id=0, text="")
        self.request.session[THANKS_KEY] = order.pk
        if order.user_id is None:
            # The status page asks guests for their address; this browser has given it.
            self.request.session["anon_order_email"] = order.guest_email
