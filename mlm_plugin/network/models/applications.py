"""How somebody becomes a member: the application with its steps, and what we keep about the person."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models.members import Member


def new_token() -> str:
    """An id that cannot be guessed."""
    return secrets.token_urlsafe(24)


class Application(models.Model):
    """One way into the network, from the first step to the decision.

    It belongs to the browser that began it (the session holds `token`) until somebody signs in; from
    then on to that account. `steps` are the names of those that were finished.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        OPEN = "open", _("begun")
        SENT = "sent", _("waits for a decision")
        JOINED = "joined", _("joined")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")

    UNDER_WAY = (State.INVITED, State.OPEN)

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    steps = models.JSONField(default=list)
    language = models.CharField(max_length=16)
    sponsor = models.ForeignKey(
        Member,
        verbose_name=_("sponsor"),
        null=True,
        on_delete=models.PROTECT,
        related_name="applications_below",
    )
    # Whether the applicant cannot choose another one: a binding or an invitation decided.
    is_sponsor_fixed = models.BooleanField(default=False)
    invited_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    wants_kit = models.BooleanField(default=False)
    placement_wish = models.JSONField(default=dict)
    # Why the staff should look before this becomes a member, in the words of `Check`.
    checks = models.JSONField(default=list)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # Empty where the system decided by itself.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    member = models.OneToOneField(
        Member, null=True, on_delete=models.PROTECT, related_name="application"
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["invited", "open", "sent"]),
                name="one_application_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state="joined", member__isnull=False)
                | (~Q(state="joined") & Q(member__isnull=True)),
                name="joined_application_has_a_member",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "joined", "declined"])
                | Q(sent_at__isnull=False, user__isnull=False, sponsor__isnull=False),
                name="sent_application_is_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-sent_at"], name="application_queue"),
            models.Index(fields=["state", "changed_at"], name="application_left_behind"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"


class PersonalData(models.Model):
    """Who a person is beyond the name in the network; erased with the application or the account.

    `sealed` holds birth date, tax and bank data, which only our keys open (`network.sealing`).
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    application = models.OneToOneField(
        Application, null=True, on_delete=models.SET_NULL, related_name="personal"
    )
    member = models.OneToOneField(
        Member, null=True, on_delete=models.PROTECT, related_name="personal"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=32, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    # By the names of the address rules: line1, line2, postcode, line4, state.
    address = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    # When a member gave another account, or other tax numbers, than before; empty: as when joining.
    account_changed_at = models.DateTimeField(null=True)
    tax_changed_at = models.DateTimeField(null=True)
    # Who of the staff compared tax and bank data with papers, and when; every change takes it away.
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("personal data")
        verbose_name_plural = _("personal data")
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(member__isnull=False),
                name="personal_data_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def full_name(self) -> str:
        """First and last name of the person, also of a company's."""
        return f"{self.first_name} {self.last_name}".strip()


class Fingerprint(models.Model):
    """A keyed hash of something that one person has alone; two people with one are looked at."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("e-mail address")
        PHONE = "phone", _("phone number")
        TAX = "tax", _("tax number")
        BANK = "bank", _("bank account")
        # Others may have this too: it makes a pair to look at and holds no application back.
        NAME = "name", _("name and date of birth")

    personal = models.ForeignKey(
        PersonalData, on_delete=models.CASCADE, related_name="fingerprints"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        constraints = [
            models.UniqueConstraint(
                fields=["personal", "kind", "digest"], name="fingerprint_kept_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "digest"], name="fingerprint_found")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.personal_id}"


class Agreement(models.Model):
    """Somebody agreed to a version of the agreement with members: when, from where, to which.

    The row stays for good; the paper and the address go with the person's data.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="agreements"
    )
    # By which the site finds the text again.
    text_key = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    version = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    # Where the PDF lies in the private store; empty until the worker has drawn it.
    paper = models.CharField(max_length=100, blank=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "text_key"], name="agreed_once_to_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"

    @property
    def number(self) -> str:
        """What the paper is called."""
        return f"A-{self.pk:06d}"
