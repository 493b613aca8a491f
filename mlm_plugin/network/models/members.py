"""Who is in the network and below whom, and how each came to the present status."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

# Four characters a step leave room for 36**4 front-line members and a chain of 650 (design, 6).
PATH_LENGTH = 2600
MAX_DEPTH = PATH_LENGTH // 4


class Member(MP_Node):
    """A distributor, at a place in the sponsor tree.

    The tree is treebeard's materialised path; `sponsor` says the same thing as the path's last
    step, as a number, so that a chain of any length is walked in one recursive query. Both are
    written together by `network.services` and compared by `network.selectors.find_problems`.
    """

    class Status(models.TextChoices):
        APPLICANT = "applicant", _("applicant")
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        TERMINATED = "terminated", _("terminated")

    steplen = 4
    path = models.CharField(max_length=PATH_LENGTH, unique=True)

    code = models.CharField(_("code"), max_length=32, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sign-in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="member",
    )
    # Whose ended membership this was, once the sign-in belongs to another membership.
    former_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="former_memberships",
    )
    sponsor = models.ForeignKey(
        "self",
        verbose_name=_("sponsor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="front_line",
        # The index of front lines begins with it.
        db_index=False,
    )
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.ACTIVE
    )
    joined_at = models.DateTimeField(_("joined"))
    rank = models.CharField(_("rank"), max_length=32, blank=True)
    scheme = models.CharField(
        _("scheme"),
        max_length=32,
        blank=True,
        help_text=_("The rule scheme of the member's market, where a plan has more than one."),
    )
    # Since when the upline may see address and phone; empty: it may not.
    shows_contact_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sponsor__isnull=True) | ~models.Q(sponsor=models.F("id")),
                name="nobody_sponsors_themselves",
            ),
            # Codes are typed from paper and said on the phone: case carries no meaning, and one
            # spelling in the table lets every look-up use the plain unique index.
            models.CheckConstraint(
                condition=models.Q(code=Upper("code")), name="member_code_in_capitals"
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) | models.Q(former_user__isnull=True),
                name="sign_in_present_or_former",
            ),
            # SQLite does not hold a column to its length.
            models.CheckConstraint(
                condition=models.Q(depth__lte=MAX_DEPTH), name="member_not_too_deep"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "joined_at"], name="member_status_joined"),
            # The walk up a chain reads nothing else; with long paths the rows themselves are big.
            models.Index(fields=["id"], include=["sponsor"], name="member_sponsor_of"),
            # Pages of a front line and of a large downline, in each order they are asked for; the
            # order path touches none of them.
            models.Index(fields=["sponsor", "joined_at", "id"], name="member_front_line"),
            models.Index(fields=["joined_at", "id"], name="member_by_joining"),
            models.Index(fields=["last_name", "first_name", "id"], name="member_by_name"),
            models.Index(fields=["depth", "id"], name="member_by_depth"),
            models.Index(
                fields=["rank", "joined_at", "id"],
                condition=~models.Q(rank=""),
                name="member_by_rank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"

    @property
    def full_name(self) -> str:
        """First and last name, or the code where a member has none (imported networks)."""
        return f"{self.first_name} {self.last_name}".strip() or self.code

    @property
    def account(self) -> Any:
        """Who signs in as this member, or did until the sign-in went to another membership."""
        return self.user or self.former_user

    @property
    def may_be_credited(self) -> bool:
        """Whether links of this member attribute customers and orders."""
        return self.status == self.Status.ACTIVE


class StatusChange(models.Model):
    """A member became active, suspended or terminated: when, why, and who decided."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="status_changes")
    before = models.CharField(max_length=16, choices=Member.Status.choices)
    after = models.CharField(max_length=16, choices=Member.Status.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # Empty where the system decided by itself, such as a period that ran out.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        indexes = [models.Index(fields=["member", "-changed_at"], name="status_change_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.before} → {self.after}"
