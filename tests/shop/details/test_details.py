"""Structured facts: named and placed per language, and edited beside the product."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.accounts.roles import FINANCE, OPERATORS
from storefront.shop.details.models import AttributeText, OptionText, Tab, ValueText
from storefront.shop.details.selectors import get_attribute_words, get_product_details
from storefront.shop.details.services import describe_attribute, name_option, translate_value
from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_account, make_product
from tests.shop.shelves import make_family_of_sizes

pytestmark = pytest.mark.django_db


def make_attribute(product: Any, code: str, *, kind: str = "text", **fields: Any) -> Any:
    return product.product_class.attributes.create(
        name=code.title(), code=code, type=kind, **fields
    )


def say(product: Any, attribute: Any, text: str) -> Any:
    return attribute.productattributevalue_set.create(product=product, value_text=text)


def make_options(*names: str) -> Any:
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Skin")
    for name in names:
        group.options.create(option=name)
    return group


def test_words_come_in_the_language_or_stay_the_first() -> None:
    soap = make_product()
    scent = make_attribute(soap, "scent")
    options = make_options("dry", "oily")
    dry, oily = options.options.order_by("pk")
    describe_attribute(attribute_id=scent.pk, tab=Tab.USE, position=3, names={"ru": "Запах"})
    name_option(option_id=dry.pk, names={"ru": "сухая"})
    russian, english = get_attribute_words(language="ru"), get_attribute_words(language="en")
    assert (russian.name_attribute(scent), english.name_attribute(scent)) == ("Запах", "Scent")
    assert (russian.name_option(dry), russian.name_option(oily)) == ("сухая", "oily")
    assert russian.place_of(scent) == ("use", 3)


def test_words_cost_nothing_while_warm_and_change_at_once() -> None:
    scent = make_attribute(make_product(), "scent")
    get_attribute_words(language="ru")
    with CaptureQueriesContext(connection) as queries:
        get_attribute_words(language="ru")
    assert len(queries) == 0
    describe_attribute(attribute_id=scent.pk, tab=Tab.FACTS, position=0, names={"ru": "Запах"})
    assert get_attribute_words(language="ru").name_attribute(scent) == "Запах"
    describe_attribute(attribute_id=scent.pk, tab=Tab.FACTS, position=0, names={"ru": ""})
    assert get_attribute_words(language="ru").name_attribute(scent) == "Scent"


def test_details_of_all_kinds_take_one_query_and_go_to_their_tabs() -> None:
    soap = make_product()
    ingredients = make_attribute(soap, "ingredients")
    vegan = make_attribute(soap, "vegan", kind="boolean")
    skin = make_attribute(
        soap, "skin", kind="multi_option", option_group=make_options("dry", "oily")
    )
    describe_attribute(
        attribute_id=ingredients.pk, tab=Tab.INGREDIENTS, position=1, names={"ru": "Состав"}
    )
    value = say(soap, ingredients, "Water")
    translate_value(value_id=value.pk, texts={"ru": "Вода"})
    vegan.productattributevalue_set.create(product=soap, value_boolean=True)
    for option in skin.option_group.options.all():
        name_option(option_id=option.pk, names={"ru": f"{option.option}-ru"})
    many = skin.productattributevalue_set.create(product=soap)
    many.value_multi_option.set(skin.option_group.options.all())
    get_attribute_words(language="ru")
    with CaptureQueriesContext(connection) as queries:
        details = get_product_details(product=soap, variant_ids=[], language="ru")
    assert len(queries) == 1
    (tab,) = details.tabs
    assert [(each.name, each.text) for each in tab.details] == [("Состав", "Вода")]
    facts = {each.name: each.text for each in details.facts}
    assert facts["Skin"] == "dry-ru, oily-ru" and facts["Vegan"]


def test_variants_are_named_by_what_tells_them_apart(client: Client) -> None:
    towel = make_family_of_sizes()
    size = make_attribute(towel, "size")
    for child, name in zip(towel.children.order_by("pk"), ("50 cm", "70 cm"), strict=True):
        say(child, size, name)
    rebuild_listing()
    page = client.get(towel.get_absolute_url()).context["product_page"]
    assert [each.label for each in page.offered] == ["50 cm", "70 cm"]
    assert [(each.name, each.text) for each in page.details.facts] == [("Size", "50 cm, 70 cm")]


def test_the_page_shows_tabs_and_escapes_what_was_typed(client: Client) -> None:
    soap = make_product()
    ingredients = make_attribute(soap, "ingredients")
    describe_attribute(attribute_id=ingredients.pk, tab=Tab.INGREDIENTS, position=0, names={})
    say(soap, ingredients, "Water <script>alert(1)</script>")
    html = client.get(soap.get_absolute_url()).content.decode()
    assert 'href="#ingredients"' in html and 'id="ingredients"' in html
    assert "<script>alert" not in html and "Water &lt;script" in html


def test_staff_name_attributes_and_options_on_one_page(client: Client) -> None:
    soap = make_product()
    scent = make_attribute(soap, "scent")
    dry = make_options("dry").options.get()
    client.force_login(make_account("olga", role=OPERATORS))
    sent = {
        f"attribute-{scent.pk}-tab": "use",
        f"attribute-{scent.pk}-position": "2",
        f"attribute-{scent.pk}-ru": "Запах",
        f"option-{dry.pk}-ru": "сухая",
    }
    page = "/dashboard/catalogue/attributes/"
    assert client.get(page).status_code == 200
    refused = client.post(page, {**sent, f"attribute-{scent.pk}-tab": "nonsense"})
    assert refused.status_code == 422 and not OptionText.objects.exists()
    assert client.post(page, sent).status_code == 302
    assert AttributeText.objects.get().name == "Запах"
    assert OptionText.objects.get().name == "сухая"
    client.force_login(make_account("fred", role=FINANCE))
    assert client.get(page).status_code == 403


def test_texts_of_attributes_are_edited_with_the_product(client: Client) -> None:
    from bs4 import BeautifulSoup

    soap = make_product()
    ingredients = make_attribute(soap, "ingredients")
    say(soap, ingredients, "Water")
    soap.categories.add(get_model("catalogue", "Category").add_root(name="Care", slug="care"))
    olga = make_account("olga")
    olga.is_staff = olga.is_superuser = True
    olga.save()
    client.force_login(olga)
    address = f"/dashboard/catalogue/products/{soap.pk}/"
    page = BeautifulSoup(client.get(address).content, "html.parser")
    form = page.select_one("#create_update_product_form")
    sent = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            sent[field["name"]] = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            sent[field["name"]] = field.text.strip()
        elif field.get("type") not in {"checkbox", "file"} or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "")
    sent = {name: value for name, value in sent.items() if not name.startswith("images-0-orig")}
    sent[f"value_texts-{ingredients.pk}-ru"] = "Вода"
    sent["action"] = "continue"
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert ValueText.objects.get().text == "Вода"
