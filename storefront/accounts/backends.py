"""Who is signed in, read with what almost every page asks about them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend as SignIn

from storefront.accounts.models import User


class AuthenticationBackend(SignIn):
    """Allauth's; a visit's account comes with its member, so that no page asks a second time."""

    def get_user(self, user_id: Any) -> User | None:
        """The active account of a session, in one query."""
        user = User.objects.select_related("member").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
