"""Oscar's wish lists where ours differ: only a press of a button changes anything."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from oscar.apps.customer.wishlists import views as oscar_views
from oscar.apps.customer.wishlists.views import *  # noqa: F403
from oscar.core.loading import get_model

from storefront.shop.customer import services
from storefront.shop.customer.forms import ChooseListForm, WishListForm
from storefront.shop.customer.selectors import list_wish_lines, list_wish_lists
from storefront.shop.listing.naming import get_titles_here

WishList = get_model("wishlists", "WishList")


class SharedAddresses:
    """An address that is ticked to be removed is not checked, so it may be anything.

    Oscar compares addresses letter by letter; people who sign in have theirs in small letters.
    """

    def process_wishlist_forms(self, wishlist_form: Any, shared_emails_formset: Any) -> Any:
        """Oscar saves every address, also one that is to go and is no address at all."""
        sound = [form for form in shared_emails_formset if form.is_valid()]
        for form in sound:
            form.instance.email = form.instance.email.lower()
        return super().process_wishlist_forms(wishlist_form, sound)  # type: ignore[misc]


class WishListListView(oscar_views.WishListListView):
    """All lists of the person, with how much lies on each."""

    page_title = gettext_lazy("Wish lists")

    def get_queryset(self) -> Any:
        return list_wish_lists(user=self.request.user)


class WishListDetailView(oscar_views.WishListDetailView):
    """One list: what is on it, at today's price, and on to the basket."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        lines = list_wish_lines(wish_list=self.object, strategy=self.request.strategy)
        url = self.request.build_absolute_uri(self.object.get_shared_url())
        return {**context, "lines": lines, "shared_url": url}


class WishListUpdateView(SharedAddresses, oscar_views.WishListUpdateView):
    """A list that is there already."""

    form_class = WishListForm

    def get_success_url(self) -> str:
        """Back to the list itself."""
        messages.success(self.request, _("The list has been saved."))
        return str(self.object.get_absolute_url())


class WishListCreateView(SharedAddresses, oscar_views.WishListCreateView):
    """A new list, which may begin with a product."""

    form_class = WishListForm
    page_title = gettext_lazy("Start a wish list")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Oscar's answer to an unknown product leads to an address that does not exist."""
        if "product_pk" in kwargs:
            get_object_or_404(get_model("catalogue", "Product"), pk=kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """The form is the list that was saved; Oscar's message has a broken placeholder."""
        if self.product:
            form.add(self.product)
        messages.success(self.request, _("The list has been saved."))
        return redirect(form.get_absolute_url())


class WishListDeleteView(oscar_views.WishListDeleteView):
    """Deletes a list after asking."""

    def get_page_title(self) -> str:
        return _("Delete this list?")

    def get_success_url(self) -> str:
        messages.success(self.request, _("The list has been deleted."))
        return reverse("customer:wishlists-list")


class WishListAddProduct(FormView):
    """Puts a product on a list: at once where there is no choice, else after asking which.

    Looking at the page changes nothing, so it is also where a visitor lands after signing in.
    """

    form_class = ChooseListForm
    template_name = "account/add_to_list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only what can be found in the shop."""
        products = get_model("catalogue", "Product").objects.filter(is_public=True)
        self.product = get_object_or_404(products, pk=kwargs["product_pk"])
        self.wish_lists = list(list_wish_lists(user=request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "wish_lists": self.wish_lists}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = get_titles_here(products=[self.product])[self.product.pk]
        return super().get_context_data(product=self.product, product_title=title, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The heart on a card sends no choice; a key in the address is one."""
        if key := kwargs.get("key"):
            return self.add(key=key)
        if "wish_list" not in request.POST and len(self.wish_lists) < 2:
            return self.add()
        if "wish_list" not in request.POST:
            return redirect("customer:wishlists-add-product", product_pk=self.product.pk)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ChooseListForm) -> HttpResponse:
        chosen = form.cleaned_data["wish_list"]
        if chosen == form.NEW:
            return self.add(name=form.cleaned_data["name"].strip())
        return self.add(key=chosen)

    def add(self, **where: str) -> HttpResponse:
        """Add it and go to the list."""
        try:
            wish_list, is_new = services.add_to_wish_list(
                user=self.request.user, product=self.product, **where
            )
        except services.NoSuchList as error:
            raise Http404 from error
        text = _("Added to “%(name)s”.") if is_new else _("It is on “%(name)s” already.")
        messages.success(self.request, text % {"name": wish_list.name})
        return redirect(wish_list.get_absolute_url())


class WishListRemoveProduct(oscar_views.WishListRemoveProduct):
    """Takes a product off a list."""

    def get_page_title(self) -> str:
        return _("Remove from the list?")

    def get_success_url(self) -> str:
        messages.success(self.request, _("Removed from the list."))
        return str(self.wishlist.get_absolute_url())


class WishListMoveProductToAnotherWishList(oscar_views.LineMixin, View):
    """Moves a product to another list of the person; only a press of the button does."""

    http_method_names = ["post"]

    def post(
        self, request: HttpRequest, key: str, line_pk: int, to_key: str, **kwargs: Any
    ) -> HttpResponse:
        """Move it; where the product is there already, one of the two is enough."""
        self.fetch_line(request.user, key, line_pk=line_pk)
        target = get_object_or_404(WishList, owner=request.user, key=to_key)
        if target.pk != self.wishlist.pk:
            services.move_to_list(line=self.line, wish_list=target)
        messages.success(request, _("Moved to “%(name)s”.") % {"name": target.name})
        return redirect(self.wishlist.get_absolute_url())


class WishListLineToBasket(oscar_views.LineMixin, View):
    """Moves a product from a list into the basket."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str, line_pk: int, **kwargs: Any) -> HttpResponse:
        """Move it, or say why it cannot be had."""
        self.fetch_line(request.user, key, line_pk=line_pk)
        try:
            services.move_to_basket(line=self.line, basket=request.basket)  # type: ignore[attr-defined]
        except services.NotForSale as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is in your basket now."))
        return redirect(self.wishlist.get_absolute_url())
