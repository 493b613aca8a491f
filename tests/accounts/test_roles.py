"""What the groups of a fresh installation may do."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import Page

from storefront.accounts.roles import FINANCE, MARKETERS, OPERATORS, ROLES
from storefront.accounts.services import give_role
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_every_role_has_its_group_after_migrating():
    assert set(ROLES) <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.parametrize("role", ROLES)
def test_every_right_belongs_to_something_that_exists(role):
    """A misspelt model or action would be a right that opens nothing."""
    for permission in Group.objects.get(name=role).permissions.select_related("content_type"):
        label, model = permission.content_type.app_label, permission.content_type.model
        if (label, model) == ("wagtailadmin", "admin"):
            continue
        options = apps.get_model(label, model)._meta
        known = {f"{action}_{options.model_name}" for action in options.default_permissions}
        known |= {codename for codename, _ in options.permissions}
        assert permission.codename in known, permission


def test_operators_and_finance_become_staff_and_marketers_do_not():
    assert make_account("ada", OPERATORS).is_staff
    assert make_account("ben", FINANCE).is_staff
    assert not make_account("cleo", MARKETERS).is_staff


def test_a_role_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="Wizards"):
        give_role(user=make_account("ada"), role="Wizards")


def test_marketers_edit_and_publish_pages_pictures_and_documents():
    cleo = make_account("cleo", MARKETERS)
    home = Page.objects.get(depth=2)
    rights = home.permissions_for_user(cleo)
    assert rights.can_edit()
    assert rights.can_publish()
    assert rights.can_add_subpage()
    from wagtail.documents.models import Document
    from wagtail.images.models import Image
    from wagtail.permissions import policy_registry

    for model in (Image, Document):
        policy = policy_registry.get_by_type(model)
        for action in ("add", "change", "delete", "choose"):
            assert policy.user_has_permission(cleo, action), (model, action)


def test_marketers_reach_the_cms_and_nothing_of_the_staff(client):
    client.force_login(make_account("cleo", MARKETERS))
    assert client.get("/cms/").status_code == 200
    assert client.get("/cms/pages/").status_code == 200
    assert client.get("/cms/images/").status_code == 200
    assert client.get("/dashboard/").status_code == 403
    assert client.get("/dashboard/orders/").status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403


def test_operators_work_in_the_dashboard_and_not_in_the_cms_or_raw_tables(client):
    client.force_login(make_account("ada", OPERATORS))
    for page in ("", "catalogue/", "orders/", "users/", "offers/", "vouchers/", "partners/"):
        assert client.get(f"/dashboard/{page}").status_code == 200, page
    assert client.get("/cms/", follow=True).status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403


def test_finance_sees_orders_and_changes_no_product(client):
    client.force_login(make_account("ada", FINANCE))
    assert client.get("/dashboard/orders/").status_code == 200
    assert client.get("/dashboard/catalogue/").status_code == 403
    assert client.get("/dashboard/partners/create/").status_code == 403


def test_raw_tables_are_for_superusers(client):
    ada = make_account("ada")
    ada.is_superuser = ada.is_staff = True
    ada.save()
    client.force_login(ada)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 200
