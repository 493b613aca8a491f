"""What the site answers to the network: the agreement, the starter kit, mails, addresses, people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from mlm_plugin.conf.content import (
    AgreementText,
    Contact,
    ListedMember,
    NoContent,
    SignedAgreement,
    StarterKit,
)
from storefront.targets import full_address


class Content(NoContent):
    """The setting `MLM["CONTENT"]`: each answer comes from the part of the site that knows it."""

    def get_agreement(self, *, language: str, at: datetime) -> AgreementText | None:
        """The text of the kind “agreement with members” in the reader's language, or the site's."""
        from storefront.joining.agreements import get_agreement

        return get_agreement(language=language, at=at)

    def draw_agreement(self, *, signed: SignedAgreement) -> bytes:
        """The version that was agreed to, as PDF."""
        from storefront.joining.agreements import draw_agreement

        return draw_agreement(signed=signed)

    def draw_statement(self, *, data: dict[str, Any], at: datetime) -> bytes:
        """A member's statement of a period, as PDF in the brand's look."""
        from storefront.joining.statements import draw_statement

        return draw_statement(data=data, at=at)

    def send_mail(
        self,
        *,
        kind: str,
        to: str,
        language: str,
        context: dict[str, Any],
        attachments: Sequence[tuple[str, bytes, str]] = (),
    ) -> None:
        """A kind of `storefront.mails.kinds`; `path` becomes the full address `url`."""
        from storefront.mails.services import send_mail

        path = context.pop("path", "")
        send_mail(
            kind=kind,
            to=to,
            language=language or settings.LANGUAGE_CODE,
            context={**context, "url": full_address(path) if path else ""},
            attachments=attachments,
        )

    def find_listed_members(self, *, query: str) -> list[ListedMember]:
        """Members who agreed to be found."""
        from storefront.cms.storefronts.selectors import find_listed_members

        return [
            ListedMember(name=found.name, code=found.code, place=found.place)
            for found in find_listed_members(query=query)
        ]

    def get_known_contact(self, *, user: Any) -> Contact:
        """The account's first address of delivery; without one, the country of the shop."""
        own = user.addresses.all() if user.is_authenticated else []
        address = next(iter(sorted(own, key=lambda each: not each.is_default_for_shipping)), None)
        if address is None:
            return Contact(country=settings.SHOP_COUNTRY)
        names = ("line1", "line2", "line3", "line4", "state", "postcode")
        return Contact(
            phone=str(address.phone_number or ""),
            country=address.country_id,
            address={name: getattr(address, name) for name in names if getattr(address, name)},
        )

    def get_address_rules(self, *, country: str) -> Any:
        """The fields of the country, as in the checkout."""
        from storefront.shop.checkout.address_rules import get_address_rules

        return get_address_rules(country)

    def get_starter_kit(self, *, sku: str, request: Any) -> StarterKit | None:
        """The kit with its price; None while it cannot be bought, or carries points."""
        from storefront.joining.kits import get_starter_kit

        return get_starter_kit(sku=sku, strategy=request.strategy)

    def put_kit_into_basket(self, *, user: Any, sku: str) -> bool:
        """One kit in the person's open basket."""
        from storefront.joining.kits import put_kit_into_basket

        return put_kit_into_basket(user=user, sku=sku)

    def refund_kit(self, *, user: Any, sku: str, since: datetime, key: str, at: datetime) -> bool:
        """Through the shop's refunds, like any other."""
        from storefront.joining.kits import refund_kit

        return refund_kit(user=user, sku=sku, since=since, key=key, at=at)
