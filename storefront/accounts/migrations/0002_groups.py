"""The groups of the people who work on the site, with what each may do.

Django creates permissions after all migrations, so on a fresh database they are not there yet.
As Wagtail's own migrations do, this one creates those it hands out; Django then finds them. What
an administrator changes later in the groups stays: a migration runs once.
"""

from django.db import migrations

CRUD = ("view", "add", "change", "delete")

OPERATORS = {
    "accounts": {"user": ("view", "change")},
    "analytics": {"userrecord": ("view",), "productrecord": ("view",)},
    "basket": {"basket": ("view",), "line": ("view",)},
    "catalogue": {
        "attributeoption": CRUD,
        "attributeoptiongroup": CRUD,
        "category": CRUD,
        "option": CRUD,
        "product": CRUD,
        "productclass": CRUD,
    },
    "communication": {"communicationeventtype": ("view", "change")},
    "customer": {"productalert": CRUD},
    "flatpages": {"flatpage": CRUD},
    "offer": {"conditionaloffer": CRUD, "range": CRUD, "condition": CRUD, "benefit": CRUD},
    "order": {
        "order": ("view", "change"),
        "line": ("view", "change"),
        "ordernote": CRUD,
        "paymentevent": ("view", "add"),
        "shippingevent": ("view", "add"),
    },
    "partner": {"partner": CRUD, "stockalert": ("view", "change"), "stockrecord": CRUD},
    "payment": {"source": ("view",), "transaction": ("view",)},
    "reviews": {"productreview": CRUD},
    "shipping": {"orderanditemcharges": CRUD, "weightband": CRUD, "weightbased": CRUD},
    "voucher": {"voucher": CRUD, "voucherset": CRUD},
    "mlm_plugin": {"member": ("view", "add", "change"), "productpoints": CRUD},
}

FINANCE = {
    "accounts": {"user": ("view",)},
    "analytics": {"userrecord": ("view",), "productrecord": ("view",)},
    "offer": {"conditionaloffer": ("view",)},
    "order": {"order": ("view",), "line": ("view",), "paymentevent": ("view",)},
    "payment": {"source": ("view",), "transaction": ("view",)},
    "voucher": {"voucher": ("view",)},
    "mlm_plugin": {"member": ("view",)},
}

MARKETERS = {
    "wagtailadmin": {"admin": ("access",)},
    "wagtailcore": {"collection": CRUD},
    "wagtailredirects": {"redirect": CRUD},
    "wagtailimages": {"image": (*CRUD, "choose")},
    "wagtaildocs": {"document": (*CRUD, "choose")},
    "simple_translation": {"simpletranslation": ("submit_translation",)},
}

ON_ALL_PAGES = ("add", "change", "publish", "bulk_delete", "lock", "unlock")
IN_ALL_COLLECTIONS = {
    ("wagtailimages", "image"): ("add", "change", "delete", "choose"),
    ("wagtaildocs", "document"): ("add", "change", "delete", "choose"),
    ("wagtailcore", "collection"): ("add", "change", "delete"),
}


def find_permission(apps, app_label, model, action):
    """The permission, created under Django's own name where it is not there yet."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    codename = action if "_" in action else f"{action}_{model}"
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": f"Can {action} {model}"}
    )
    return permission


def create_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for name, rights in (("Operators", OPERATORS), ("Finance", FINANCE), ("Marketers", MARKETERS)):
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(
            *(
                find_permission(apps, app_label, model, action)
                for app_label, models in rights.items()
                for model, actions in models.items()
                for action in actions
            )
        )
    marketers = groups.get(name="Marketers")
    root_page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for action in ON_ALL_PAGES:
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=marketers,
            page=root_page,
            permission=find_permission(apps, "wagtailcore", "page", f"{action}_page"),
        )
    root_collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for (app_label, model), actions in IN_ALL_COLLECTIONS.items():
        for action in actions:
            apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
                group=marketers,
                collection=root_collection,
                permission=find_permission(apps, app_label, model, action),
            )


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(
        name__in=["Operators", "Finance", "Marketers"]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("simple_translation", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(create_groups, remove_groups)]
