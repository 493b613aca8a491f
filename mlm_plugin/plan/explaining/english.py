"""English sentences. A text with two forms is chosen by number: one, and everything else."""

TEXTS: dict[str, str | tuple[str, ...]] = {
    "title": "{member} in {period} ({first} to {last}), plan {plan}",
    "earned": "Earned: {amount}",
    "earned_nothing": "Earned: nothing",
    "not_paid": "Not paid",
    "nothing_skipped": "Nothing was skipped.",
    "payout": "Payout",
    "ranks": "Ranks",
    "no_rank": "no rank",
    "bonus": "{bonus}: {amount}",
    "skipped_bonus": (
        "{bonus}: {count} time, {amount} in all",
        "{bonus}: {count} times, {amount} in all",
    ),
    "more": ("and {count} more, {amount} in all", "and {count} more, {amount} in all"),
    # Awards by kind of bonus.
    "award.unilevel": "{amount}: {rate} of {base} from {source}, level {level}",
    "award.direct": "{amount}: {rate} of {base}, own volume",
    "award.differential": "{amount}: difference of {rate} on {base} from {source}, level {level}",
    "award.differential.own": "{amount}: {rate} of {base}, own volume",
    "award.generation": "{amount}: {rate} of {base} from {source}, generation {level}",
    "award.infinity": "{amount}: {rate} of {base} from {source}, {level} levels below",
    "award.matching": "{amount}: {rate} of {base} that {source} earned, generation {level}",
    "award.pool": "{amount}: {share} of {shares} shares of the fund",
    "award.one_time": "{amount}: paid once",
    "award.binary": "{amount}: {rate} of {base} matched between the legs",
    "award.binary.cycles": (
        "{amount}: {count} cycle of {rate}",
        "{amount}: {count} cycles of {rate}",
    ),
    "award.guarantee": "{amount}: {rate} of {base} of the group of {source}",
    "award.pay_legs": "{amount}: {rate} of {base} in the legs that are paid on",
    "award.completion": "{amount}: level {level} of the matrix is full",
    "award.board": "{amount}: a board was filled by {source}",
    "award.party": "{amount}: {rate} of {base} sold at a party by {source}",
    "award.party.booking": "{amount}: for a party held by {source}",
    "award.points": "{amount}: {base} points were spent",
    "award.allowance": "{amount}: fixed amount for the period",
    "award.guarantee.handed_on": "{amount}: from {source}",
    "award.other": "{amount}: {rate} of {base} from {source}, level {level}",
    # Why an award is other than rate times base.
    "changed.limit": "lowered by the limit “{about}”",
    "changed.guard": "lowered by the safeguard “{about}”",
    "changed.grace": "still paid in the time of grace",
    "changed.cap": "lowered to the most this bonus pays",
    "changed.instalment": "instalment {about}",
    "changed.returned": "taken back, goods of {about} were returned",
    "changed.passed_up": "passed up from below",
    "changed.guarantee_given": "what is left after the guarantee to the upline",
    "changed.lower_price": "for items at a lower price",
    "changed.for_hosts": "for items that are for hosts alone",
    "changed.booking": "which was booked at a party of one's own",
    "changed.first_pair": "for the first pair",
    "changed.inside_blocker": "the last levels, inside the branch of somebody of equal standing",
    "changed.other": "{code} {about}",
    "line": "order {order}, line {line} of {date}: {base} brings {amount}",
    "order": "order {order} of {date}: {base} brings {amount}",
    "leg": "leg {level}: {new} new, {carried} carried in, {left} carried on",
    "lot": "carried in from the period to {date}: {amount}",
    "volume_line": "order {order}, line {line} of {date}: {base} from {member}",
    # Skips.
    "skip": "{amount} on {base} from {source}, level {level}: {reason}",
    "skip.own": "{amount} on {base}: {reason}",
    "why.inactive": "“{about}” was not fulfilled",
    "why.not_qualified": "“{about}” was not fulfilled",
    "why.condition": "the condition {about} was not fulfilled",
    "why.below_threshold": "{about} was not reached",
    "why.rank_too_low": "the rank was too low, “{about}” is needed for this",
    "why.compressed": "passed over without using up the level, because {because}",
    "why.no_rate": "there is no rate for this",
    "why.blocked": "somebody below already had {about}, which is not less",
    "why.cap": "above the most this bonus pays",
    "why.limit": "taken off by the limit “{about}”",
    "why.guard": "the safeguard “{about}” does not allow it",
    "why.no_leg_balance": "there was nothing to match it with in the other leg",
    "why.no_sale": "no sold goods stand behind it",
    "why.rounds_to_nothing": "less than the smallest unit of money",
    "why.paid_before": "it was paid before",
    "why.no_volume": "there was no volume",
    "why.too_few_buyers": "there were too few buyers",
    "why.too_many_items": "more items than the host may buy at a lower price",
    "why.not_host": "the buyer of these items is not the host",
    "why.reported": "it comes from customers and is only reported here",
    "why.too_few_points": "there were not so many points to spend",
    "why.expired": "the points were not spent in time",
    "why.passed_up": "it was passed up",
    "why.guarantee_given": "it was given to the upline as its guarantee",
    "why.returned": "the goods were returned",
    "why.other": "{code} {about}",
    "is_needed": "{name} is {value}, needed is {threshold}",
    # Ranks.
    "rank": "{ladder}: {rank}",
    "rank.forced": "given, not reached: “{rank}”",
    "rank.kept": "kept from an earlier period: “{rank}”",
    "rank.career": "highest ever: {rank}",
    "rank.next": "next: {rank}",
    "rank.top": "the highest rank is held",
    "met": "met: {requirement}",
    "met.figures": "met: {requirement}, is {value}",
    "missing": "missing: {requirement}",
    "missing.figures": "missing: {requirement}, is {value}",
    "missing.by": "missing: {requirement}, is {value}, {missing} short",
    # Payout.
    "payout.balance_before": "carried from before: {amount}",
    "payout.earned": "earned: {amount}",
    "payout.held": "held back until goods can no longer be returned: {amount}",
    "payout.released": "released from being held back: {amount}",
    "payout.deduction": "{name}: {amount}",
    "payout.paid": "paid out: {amount}",
    "payout.claimed": "claimed, as the membership has ended: {amount}",
    "payout.balance": "carried on: {amount}",
}


def form_of(count: int) -> int:
    """Which form of a text goes with a number."""
    return 0 if count == 1 else 1


def write_number(text: str) -> str:
    """A plain decimal with groups of three digits: 1,234.50."""
    sign = "-" if text.startswith("-") else ""
    whole, dot, rest = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"


def write_percent(text: str) -> str:
    """A number of hundredths: 5%."""
    return f"{write_number(text)}%"


def write_date(year: int, month: int, day: int) -> str:
    """A day: 31 January 2026."""
    return f"{day} {MONTHS[month - 1]} {year}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
