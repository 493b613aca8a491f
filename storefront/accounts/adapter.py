"""allauth's seams: where people land after signing in, what leaves with them, who keeps a second
factor.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from mlm_plugin.shop.selectors import get_member_for
from storefront.accounts.selectors import CMS_ACCESS, must_have_second_factor
from storefront.mails.kinds import get_kind_of_template
from storefront.mails.services import make_mail


class AccountAdapter(DefaultAccountAdapter):
    """Sends everyone to the page of their role, unless they were on the way to another."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Dashboard for staff, CMS for marketers, cabinet for members, else the account."""
        user = request.user
        if user.is_authenticated and user.is_staff:
            return reverse("dashboard:index")
        if user.is_authenticated and user.has_perm(CMS_ACCESS):
            return reverse("wagtailadmin_home")
        if get_member_for(user=user) is not None:
            return reverse("mlm:my-home")
        return super().get_login_redirect_url(request)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """With the texts that staff may change, in the reader's language; else as allauth's."""
        kind = get_kind_of_template(template_prefix)
        if kind is None or not isinstance(email, str):
            return super().render_mail(template_prefix, email, context, headers)
        user = context.get("user")
        mail = make_mail(
            kind=kind,
            to=email,
            language=get_language() or settings.LANGUAGE_CODE,
            context={"email": email, "name": getattr(user, "first_name", ""), **context},
            request=context.get("request"),
        )
        mail.extra_headers.update(headers or {})
        return mail

    def logout(self, request: HttpRequest) -> None:
        """Sign out and forget what this browser looked at; Oscar's middleware drops the cookies."""
        super().logout(request)
        cookies_to_delete = getattr(request, "cookies_to_delete", None)
        if cookies_to_delete is not None:
            cookies_to_delete.extend(settings.OSCAR_COOKIES_DELETE_ON_LOGOUT)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The shop's name in authenticator apps; where staff need a second factor, they keep it."""

    def get_totp_issuer(self) -> str:
        """The name above the code on the phone."""
        return settings.OSCAR_SHOP_NAME

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the one that opens the staff's pages."""
        return not must_have_second_factor(user=authenticator.user)
