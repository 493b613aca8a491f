"""Plan versions: list, one version, its text, its values, two compared."""

from django.urls import path

from mlm_plugin.backoffice.books import plans, plans_editing

urlpatterns = [
    path("books/plans/", plans.plan_list, name="staff-plans"),
    path("books/plans/new/", plans_editing.plan_new, name="staff-plan-new"),
    path("books/plans/compare/", plans.plan_compare, name="staff-plan-compare"),
    path("books/plans/<int:number>/", plans.plan_page, name="staff-plan"),
    path("books/plans/<int:number>/text/", plans_editing.plan_text, name="staff-plan-text"),
    path("books/plans/<int:number>/values/", plans_editing.plan_values, name="staff-plan-values"),
    path("books/plans/<int:number>.toml", plans.plan_file, name="staff-plan-file"),
]
