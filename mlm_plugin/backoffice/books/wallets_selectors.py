"""What the staff's pages about wallets show; the same number of queries for few and many."""

import tomllib
from dataclasses import dataclass

from mlm_plugin.commissions.models import PlanVersion, Run
from mlm_plugin.commissions.wallet_movements import (
    HeldMoney,
    ToldMovement,
    list_held,
    tell_movements,
)
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from mlm_plugin.ledger.wallet_selectors import (
    Wallet,
    get_wallets,
    list_movements,
    list_units,
    list_wallets,
)
from mlm_plugin.network.models import Member
from mlm_plugin.payouts.money import write_money

PAGE = 50
MOST_ADJUSTMENTS = 200


@dataclass(frozen=True)
class ShownWallet:
    """A wallet with its amounts as they are read; `member` is None for a member who is erased."""

    member: Member | None
    wallet: Wallet
    available: str
    held: str
    reserved: str


@dataclass(frozen=True)
class WalletRows:
    """A page of wallets; `next_cursor` is empty on the last one."""

    rows: list[ShownWallet]
    next_cursor: str


@dataclass(frozen=True)
class MemberWallet:
    """A member's wallet in one currency with a page of its movements; None where there is none."""

    wallet: ShownWallet | None
    currencies: list[str]
    held: list[tuple[HeldMoney, str]]
    movements: list[tuple[ToldMovement, str, str]]
    next_cursor: str


@dataclass(frozen=True)
class ShownAdjustment:
    """An adjustment with its member and the amount as it is read."""

    adjustment: WalletAdjustment
    member: Member
    amount: str


def get_currencies(*, member_id: int | None = None) -> list[str]:
    """What wallets are kept in: of the member, and of the plans that are approved or were run."""
    found = [wallet.unit for wallet in get_wallets(owner=member_id)] if member_id else []
    found += Run.objects.order_by("currency").values_list("currency", flat=True).distinct()
    latest = PlanVersion.objects.filter(state="approved").order_by("-effective_from").first()
    if latest is not None:
        found.append(str(tomllib.loads(latest.document)["plan"].get("currency", "")))
    if not found:
        # Wallets without any plan were brought along: few, or somebody would have approved one.
        found += list_units()
    return list(dict.fromkeys(code for code in found if code))


def find_wallets(*, currency: str, which: str = "", cursor: str = "") -> WalletRows:
    """Wallets of a currency: all, those with money ("above") or those "below" zero."""
    after = min(int(cursor), 2**63 - 1) if cursor.isascii() and cursor.isdigit() else 0
    wallets = list_wallets(
        unit=currency,
        at_least=1 if which == "above" else None,
        at_most=-1 if which == "below" else None,
        after=after,
        limit=PAGE + 1,
    )
    shown, more = wallets[:PAGE], len(wallets) > PAGE
    members = Member.objects.in_bulk([wallet.owner for wallet in shown])
    return WalletRows(
        rows=[_show(wallet, members.get(wallet.owner)) for wallet in shown],
        next_cursor=str(shown[-1].owner) if more else "",
    )


def get_member_wallet(*, member_id: int, currency: str = "", before: str = "") -> MemberWallet:
    """The wallet in this currency, or the first there is."""
    wallets = get_wallets(owner=member_id)
    named = [wallet for wallet in wallets if wallet.unit == currency] or wallets
    if not named:
        return MemberWallet(None, [], [], [], "")
    wallet = named[0]
    page = list_movements(owner=member_id, unit=wallet.unit, before=before, limit=PAGE)
    held = list_held(member_id=member_id, currency=wallet.unit) if wallet.held else []
    return MemberWallet(
        wallet=_show(wallet, None),
        currencies=[each.unit for each in wallets],
        held=[(each, write_money(each.amount, wallet.unit)) for each in held],
        movements=[
            (each, write_money(each.amount, wallet.unit), write_money(each.balance, wallet.unit))
            for each in tell_movements(page.movements)
        ],
        next_cursor=page.next_cursor,
    )


def list_adjustments(*, member_id: int | None = None) -> list[ShownAdjustment]:
    """The newest adjustments, of one member or of all; those that wait come first."""
    found = WalletAdjustment.objects.select_related("author", "decided_by")
    if member_id is not None:
        found = found.filter(owner=member_id)
    newest = list(found.order_by("-pk")[:MOST_ADJUSTMENTS])
    waiting = list(found.filter(state=WalletAdjustment.State.WAITING).order_by("pk"))
    rest = [each for each in newest if each.state != WalletAdjustment.State.WAITING]
    return _with_members([*waiting, *rest])


def count_waiting() -> int:
    """How many adjustments wait for a second person."""
    return WalletAdjustment.objects.filter(state=WalletAdjustment.State.WAITING).count()


def get_adjustment(*, adjustment_id: int) -> ShownAdjustment | None:
    """One adjustment."""
    found = WalletAdjustment.objects.select_related("author", "decided_by").filter(
        pk=min(adjustment_id, 2**63 - 1)
    )
    return next(iter(_with_members(list(found))), None)


def _with_members(adjustments: list[WalletAdjustment]) -> list[ShownAdjustment]:
    members = Member.objects.in_bulk([each.owner for each in adjustments])
    return [
        ShownAdjustment(each, members[each.owner], write_money(each.amount, each.unit))
        for each in adjustments
        if each.owner in members
    ]


def _show(wallet: Wallet, member: Member | None) -> ShownWallet:
    return ShownWallet(
        member=member,
        wallet=wallet,
        available=write_money(wallet.available, wallet.unit),
        held=write_money(wallet.held, wallet.unit),
        reserved=write_money(wallet.reserved, wallet.unit),
    )
