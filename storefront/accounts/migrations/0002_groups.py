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
    "mails": {"mailtext": ("view", "change")},
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
    "mlm_plugin": {"member": ("view",), "action": ("read_books", "prepare_books")},
}


def reading_and(*permissions):
    """The rights of somebody who keeps the books: what Finance may see, and these."""
    return {**FINANCE, "mlm_plugin": {"member": ("view",), "action": ("read_books", *permissions)}}


CONTROLLERS = reading_and("approve_books")
PAYERS = reading_and("pay_out")
AUDITORS = reading_and()

EDITORS = {
    "wagtailadmin": {"admin": ("access",)},
    "wagtailimages": {"image": ("add", "change", "choose")},
    "wagtaildocs": {"document": ("add", "change", "choose")},
    "simple_translation": {"simpletranslation": ("submit_translation",)},
}

APPROVERS = {
    **EDITORS,
    "wagtailimages": {"image": (*CRUD, "choose")},
    "wagtaildocs": {"document": (*CRUD, "choose")},
}

MARKETERS = {
    **APPROVERS,
    "wagtailcore": {"collection": CRUD},
    "wagtailforms": {"formsubmission": ("view", "delete")},
    "wagtailredirects": {"redirect": CRUD},
    "brand": {"brandsettings": ("view", "change")},
    "site_content": {
        "menu": CRUD,
        "notice": CRUD,
        "sitetexts": CRUD,
        "errortext": CRUD,
    },
}

ON_ALL_PAGES = {
    "Editors": ("add", "change"),
    "Approvers": ("add", "change", "publish", "lock", "unlock"),
    "Marketers": ("add", "change", "publish", "bulk_delete", "lock", "unlock"),
}
FILES = [("wagtailimages", "image"), ("wagtaildocs", "document")]
IN_ALL_COLLECTIONS = {
    "Editors": dict.fromkeys(FILES, ("add", "change", "choose")),
    "Approvers": dict.fromkeys(FILES, ("add", "change", "delete", "choose")),
    "Marketers": {
        **dict.fromkeys(FILES, ("add", "change", "delete", "choose")),
        ("wagtailcore", "collection"): ("add", "change", "delete"),
    },
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


ROLES = {
    "Operators": OPERATORS,
    "Finance": FINANCE,
    "Controllers": CONTROLLERS,
    "Payers": PAYERS,
    "Auditors": AUDITORS,
    "Marketers": MARKETERS,
    "Editors": EDITORS,
    "Approvers": APPROVERS,
}


def create_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    # Wagtail brings two groups of its own: Editors, and Moderators, who are our Approvers. Their
    # rights begin anew, so that the tables above say all.
    Group.objects.filter(name="Moderators").update(name="Approvers")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    root_page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    root_collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for name, rights in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(
            find_permission(apps, app_label, model, action)
            for app_label, models in rights.items()
            for model, actions in models.items()
            for action in actions
        )
        GroupPagePermission.objects.filter(group=group).delete()
        for action in ON_ALL_PAGES.get(name, ()):
            GroupPagePermission.objects.create(
                group=group,
                page=root_page,
                permission=find_permission(apps, "wagtailcore", "page", f"{action}_page"),
            )
        GroupCollectionPermission.objects.filter(group=group).delete()
        for (app_label, model), actions in IN_ALL_COLLECTIONS.get(name, {}).items():
            for action in actions:
                GroupCollectionPermission.objects.create(
                    group=group,
                    collection=root_collection,
                    permission=find_permission(apps, app_label, model, action),
                )


def create_workflow(apps, schema_editor):
    """Whoever may not publish submits; one of the Approvers or Marketers publishes."""
    GroupApprovalTask = apps.get_model("wagtailcore", "GroupApprovalTask")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowPage = apps.get_model("wagtailcore", "WorkflowPage")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    # Wagtail made one for its own groups; nothing can be waiting in it yet.
    Workflow.objects.all().delete()
    GroupApprovalTask.objects.all().delete()
    task = GroupApprovalTask.objects.create(name="Approval", active=True, content_type=content_type)
    approving = apps.get_model("auth", "Group").objects.filter(name__in=["Approvers", "Marketers"])
    task.groups.set(approving)
    workflow = Workflow.objects.create(name="Approval before publishing", active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task=task, sort_order=0
    )
    root_page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    WorkflowPage.objects.create(workflow=workflow, page=root_page)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=list(ROLES)).delete()


def keep_workflow(apps, schema_editor):
    """The workflow stays: pages may be waiting in it."""


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

    operations = [
        migrations.RunPython(create_groups, remove_groups),
        migrations.RunPython(create_workflow, keep_workflow),
    ]
