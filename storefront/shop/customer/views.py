"""Oscar's account pages where ours differ."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from oscar.apps.customer import views as oscar_views
from oscar.apps.customer.views import *  # noqa: F403

from storefront.accounts.services import MemberStays, close_account
from storefront.shop.customer.forms import ConfirmPasswordForm, ProfileForm


class ProfileUpdateView(oscar_views.ProfileUpdateView):
    """The name only: a changed address would have to be confirmed."""

    form_class = ProfileForm

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        """Save the name."""
        form.save()
        messages.success(self.request, _("Your profile has been saved."))
        return redirect(self.get_success_url())


@method_decorator(reauthentication_required, name="dispatch")
class ProfileDeleteView(oscar_views.ProfileDeleteView):
    """Closes the account; orders stay in the books without a name."""

    form_class = ConfirmPasswordForm

    def form_valid(self, form: ConfirmPasswordForm) -> HttpResponse:
        """Close it, or say why not."""
        try:
            close_account(user=self.request.user)
        except MemberStays:
            messages.error(
                self.request,
                _("You are a member of the network. Please write to us to end your membership."),
            )
            return redirect("customer:profile-view")
        logout(self.request)
        messages.success(self.request, _("Your account has been closed."))
        return redirect(self.get_success_url())
