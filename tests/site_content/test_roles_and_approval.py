"""What editors, approvers and marketers may do in the CMS, and how a page gets published."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site, Workflow, WorkflowState

from storefront.accounts.models import User
from storefront.accounts.roles import APPROVERS, EDITORS, MARKETERS
from storefront.cms.models import ContentPage
from storefront.site_content.publishing import publish_scheduled
from tests.factories import make_account

pytestmark = pytest.mark.django_db

# What it is, then whether editor, approver and marketer may.
RIGHTS = """
add page            yes yes yes
change page         yes yes yes
publish page        no  yes yes
lock page           no  yes yes
delete live page    no  yes yes
add picture         yes yes yes
delete picture      no  yes yes
add document        yes yes yes
translate           yes yes yes
menus               no  no  yes
notices             no  no  yes
texts               no  no  yes
errors              no  no  yes
redirects           no  no  yes
reports             yes yes yes
users               no  no  no
sites               no  no  no
workflows           no  no  no
"""
ADDRESSES = {
    "menus": "/cms/snippets/site_content/menu/",
    "notices": "/cms/snippets/site_content/notice/",
    "texts": "/cms/snippets/site_content/sitetexts/",
    "errors": "/cms/snippets/site_content/errortext/",
    "redirects": "/cms/redirects/",
    "reports": "/cms/reports/translations/",
    "users": "/cms/users/",
    "sites": "/cms/sites/",
    "workflows": "/cms/workflows/list/",
}


def read_rights() -> list[tuple[str, list[bool]]]:
    rows = [line.rsplit(maxsplit=3) for line in RIGHTS.splitlines() if line]
    return [(what, [word == "yes" for word in words]) for what, *words in rows]


@pytest.fixture
def about() -> ContentPage:
    home = Site.objects.get(is_default_site=True).root_page
    page = home.add_child(instance=ContentPage(title="About us", slug="about-us"))
    page.save_revision().publish()
    return page


def may(person: Any, client: Client, what: str, page: Page) -> bool:
    if what in ADDRESSES:
        return client.get(ADDRESSES[what]).status_code == 200
    rights = page.permissions_for_user(person)
    match what:
        case "add page":
            return rights.can_add_subpage()
        case "change page":
            return rights.can_edit()
        case "publish page":
            return rights.can_publish()
        case "lock page":
            return rights.can_lock()
        case "delete live page":
            return rights.can_delete()
        case "translate":
            return person.has_perm("simple_translation.submit_translation")
    action, thing = what.split()
    label = {"picture": "wagtailimages.%s_image", "document": "wagtaildocs.%s_document"}[thing]
    return person.has_perm(label % action)


@pytest.mark.parametrize(("what", "expected"), read_rights(), ids=str)
def test_each_role_may_do_what_the_table_says(
    about: ContentPage, what: str, expected: list[bool]
) -> None:
    found = []
    for name, role in (("edda", EDITORS), ("arno", APPROVERS), ("mika", MARKETERS)):
        person, client = make_account(name, role), Client()
        client.force_login(person)
        found.append(may(person, client, what, about))
    assert found == expected


@pytest.fixture
def edda() -> Any:
    return make_account("edda", EDITORS, first_name="Edda")


@pytest.fixture
def arno() -> Any:
    return make_account("arno", APPROVERS, first_name="Arno")


def form_of(page: ContentPage, **fields: str) -> dict[str, str]:
    """What the editor's form of a page sends."""
    from bs4 import BeautifulSoup

    admin = User.objects.filter(email="root@example.com").first() or make_account("root")
    admin.is_superuser = True
    admin.save()
    client = Client()
    client.force_login(admin)
    html = client.get(f"/cms/pages/{page.pk}/edit/").content
    form = BeautifulSoup(html, "html.parser").select_one("#page-edit-form")
    values = {
        field["name"]: field.get("value", "") or field.text
        for field in form.select("input[name], textarea[name]")
        if field.get("type") not in ("checkbox", "radio", "file", "submit")
    }
    # Fields of blocks are drawn by a script.
    values["body-count"] = "0"
    values.pop("csrfmiddlewaretoken", None)
    return {**values, **fields}


def test_an_editor_submits_and_an_approver_publishes(
    about: ContentPage, edda: Any, arno: Any, django_capture_on_commit_callbacks: Any
) -> None:
    editing, approving = Client(), Client()
    editing.force_login(edda)
    approving.force_login(arno)
    address = f"/cms/pages/{about.pk}/edit/"

    with django_capture_on_commit_callbacks(execute=True):
        # "action-publish" is not for her: the page stays as it was.
        editing.post(address, form_of(about, title="Who we are", **{"action-publish": "1"}))
    about.refresh_from_db()
    assert about.title == "About us"

    with django_capture_on_commit_callbacks(execute=True):
        editing.post(address, form_of(about, title="Who we are", **{"action-submit": "1"}))
    state = WorkflowState.objects.get()
    assert state.workflow.name == "Approval before publishing"
    about.refresh_from_db()
    assert about.title == "About us"
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) >= {"arno@example.com"} and "edda@example.com" not in letters
    letter = letters["arno@example.com"]
    assert "Who we are" in letter.subject and "Edda" in letter.body
    assert f"/cms/pages/{about.pk}/edit/" in letter.body
    assert letter.alternatives and "Edda" in letter.alternatives[0][0]

    mail.outbox.clear()
    task_state = state.current_task_state
    with django_capture_on_commit_callbacks(execute=True):
        answer = approving.post(
            reverse(
                "wagtailadmin_pages:workflow_action", args=[about.pk, "approve", task_state.pk]
            ),
            {"comment": ""},
        )
    assert answer.status_code in (200, 302), answer.status_code
    about.refresh_from_db()
    assert about.title == "Who we are"
    [letter] = mail.outbox
    assert letter.to == ["edda@example.com"] and "approved" in letter.subject


def test_an_editor_hears_what_to_change_in_her_language(
    about: ContentPage, edda: Any, arno: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(edda)
    profile.preferred_language = "ru"
    profile.save()
    revision = about.save_revision(user=edda)
    state = Workflow.objects.get().start(about, edda)
    with django_capture_on_commit_callbacks(execute=True):
        state.current_task_state.reject(user=arno, comment="Name the year")
    assert revision
    letter = mail.outbox[-1]
    assert letter.to == ["edda@example.com"] and "Name the year" in letter.body
    assert 'lang="ru"' in letter.alternatives[0][0]


def test_migrating_makes_one_workflow_for_all_pages(about: ContentPage) -> None:
    [workflow] = Workflow.objects.all()
    assert about.get_workflow() == workflow
    groups = workflow.tasks.get().specific.groups.values_list("name", flat=True)
    assert set(groups) == {APPROVERS, MARKETERS}


def test_a_page_goes_live_and_expires_by_the_clock(about: ContentPage) -> None:
    now = timezone.now()
    about.title = "Spring"
    about.go_live_at = now + timedelta(hours=1)
    about.save_revision(approved_go_live_at=about.go_live_at)
    assert publish_scheduled(at=now) == 0
    # Whatever waited becomes due; Wagtail itself reads the clock, so the past stands in for it.
    revision = about.latest_revision
    revision.content["go_live_at"] = (now - timedelta(minutes=1)).isoformat()
    revision.approved_go_live_at = now - timedelta(minutes=1)
    revision.save()
    assert publish_scheduled(at=now) == 1
    about.refresh_from_db()
    assert about.live and about.title == "Spring"
    assert publish_scheduled(at=now) == 0

    ContentPage.objects.filter(pk=about.pk).update(expire_at=now - timedelta(seconds=1))
    assert publish_scheduled(at=now) == 1
    about.refresh_from_db()
    assert not about.live and about.expired
    assert publish_scheduled(at=now) == 0


def test_one_page_that_fails_does_not_hold_up_the_others(
    about: ContentPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = about.get_parent()
    other = home.add_child(instance=ContentPage(title="Other", slug="other"))
    past = timezone.now() - timedelta(minutes=1)
    for page in (about, other):
        page.save_revision(approved_go_live_at=past)
    Page.objects.filter(pk=other.pk).update(live=False)
    broken = about.latest_revision
    broken.content["content_type"] = None
    broken.content["slug"] = None
    broken.save()
    publish_scheduled(at=timezone.now())
    other.refresh_from_db()
    assert other.live


@pytest.mark.parametrize("name", ["mika"])
def test_marketers_see_a_draft_in_the_real_theme(about: ContentPage, name: str) -> None:
    client = Client()
    client.force_login(make_account(name, MARKETERS))
    about.title = "Only a draft"
    about.save_revision()
    html = client.get(f"/cms/pages/{about.pk}/view_draft/").content.decode()
    assert "Only a draft" in html and '<header class="site-header' in html
    assert "Only a draft" not in Client().get(about.get_url()).content.decode()


def test_wagtails_own_command_finds_nothing_left(about: ContentPage) -> None:
    about.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    publish_scheduled(at=timezone.now())
    call_command("publish_scheduled")
    about.refresh_from_db()
    assert about.live
