"""Functions that look back: at earlier periods of the run's calendar, and at those of another one.

What stands inside is worked for each earlier period on what is known of it (history.csv and earlier
results), so any expression without trees will do: `times(rank >= "Gold", 12) >= 6`.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import reduce

import numpy as np

from mlm_plugin.plan.expressions.compiling import Compiled, Compiler, Scope, as_truths
from mlm_plugin.plan.expressions.kinds import NUMBER, TRUTH, Kind
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.expressions.values import Environment, Frame, Value
from mlm_plugin.plan.numbers import Numbers, extreme

PAST = "past:"
Worked = Callable[[list[Value]], Value]
Frames = Callable[[Frame], list[Environment]]


class PastScope:
    """What can be said of an earlier period: the columns that may be known of it, and no trees."""

    roles = ("member",)

    def __init__(self, scope: Scope) -> None:
        self.scope = scope.for_members()

    @property
    def given(self) -> Mapping[str, Kind]:
        """That period's own days."""
        return {name: kind for name, kind in self.scope.given.items() if name.startswith("period.")}

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a column that may be known."""
        return self.scope.kind_of_known(name)

    def kind_of_known(self, name: str) -> Kind | None:
        """The same."""
        return self.scope.kind_of_known(name)

    @property
    def calendars(self) -> Iterable[str]:
        """The calendars that may be named."""
        return self.scope.calendars

    def kind_of_attribute(self, name: str) -> Kind:
        """Attributes are those of now."""
        return self.scope.kind_of_attribute(name)

    def table(self, name: str) -> "object":
        """Tables are those of now."""
        return self.scope.table(name)

    def has_tree(self, name: str) -> bool:
        """Nobody knows the trees of earlier periods."""
        return False

    @property
    def default_tree(self) -> str:
        """Stands in no document, so that what needs a tree is refused."""
        return PAST

    def known_names(self) -> Iterable[str]:
        """Everything that could have been meant."""
        return self.scope.known_names()

    def for_members(self) -> "PastScope":
        """The same."""
        return self


def _inside(compiler: Compiler, node: ast.expr, kind: Kind | None) -> Compiled:
    inner = Compiler(PastScope(compiler.scope))  # type: ignore[arg-type]
    part = inner.compile(node)
    if kind is not None and part.kind != kind:
        raise compiler.error(node, f"{kind.article} is needed, this is {part.kind.article}")
    if PAST in part.names:
        raise compiler.error(node, "the trees of earlier periods are not known")
    return part


def _names(part: Compiled, *, with_now: bool) -> frozenset[str]:
    columns = {name for name in part.names if not name.startswith(("member.", PAST))}
    names = {f"{PAST}{name}" for name in columns}
    names |= {name for name in part.names if name.startswith(PAST)}
    return frozenset(names | columns if with_now else names)


def _column(
    compiler: Compiler,
    node: ast.Call,
    *,
    part: Compiled,
    names: frozenset[str],
    frames: Frames,
    worked: Worked,
    kind: Kind,
) -> Compiled:
    """A member column made of the part's values in several periods."""
    key, role = ast.unparse(node), compiler.scope.roles[0]

    def make(frame: Frame) -> Value:
        values = []
        for env in frames(frame):
            value = part.evaluate(env)
            if isinstance(value, Numbers):
                value = Numbers(value.spread(env.size), value.places)
            elif part.kind == TRUTH:
                value = as_truths(part, env)
            values.append(value)
        return worked(values) if values else _nothing(kind, frame.size)

    def evaluate(env: Environment) -> Value:
        frame = env.frame
        return env.pick(frame.remember(key, names, make), role)

    return Compiled("", kind, evaluate, names, node=node)


def _nothing(kind: Kind, size: int) -> Value:
    from mlm_plugin.plan.expressions.values import Words

    zeros = np.zeros(size, dtype=np.int64)
    if kind == TRUTH:
        return zeros.astype(bool)
    return Words(zeros, kind.words or ("",)) if kind.name in ("text", "choice") else Numbers(zeros)


def _options(compiler: Compiler, node: ast.Call, *, least: int, most: int) -> bool:
    """Whether `past=True` leaves this period out; the number of values is checked."""
    if not least <= len(node.args) <= most:
        raise compiler.error(node, f"{most} values are needed, {len(node.args)} are given")
    is_past = False
    for word in node.keywords:
        if word.arg != "past" or not isinstance(word.value, ast.Constant):
            raise compiler.error(node, "the one option is past=True, which leaves out this period")
        is_past = bool(word.value.value)
    return is_past


def _periods(compiler: Compiler, node: ast.expr) -> int:
    count = compiler.whole_number(node)
    if not 1 <= count <= 240:
        raise compiler.error(node, "a number of periods from 1 to 240 is needed")
    return count


def _last(count: int, *, is_past: bool) -> Frames:
    """The last `count` periods, this one among them unless only the past is meant."""

    def frames(frame: Frame) -> list[Environment]:
        if is_past:
            return [each.everybody for each in frame.past.back(count)]
        earlier = [each.everybody for each in frame.past.back(count - 1)]
        return [frame.everybody, *earlier]

    return frames


def _ever(*, is_past: bool) -> Frames:
    def frames(frame: Frame) -> list[Environment]:
        earlier = [each.everybody for each in frame.past.every()]
        return earlier if is_past else [*earlier, frame.everybody]

    return frames


def _sum(values: list[Value]) -> Value:
    return reduce(lambda left, right: left + right, _all_numbers(values))


def _largest(values: list[Value]) -> Value:
    return extreme(_all_numbers(values), np.maximum)


def _smallest(values: list[Value]) -> Value:
    return extreme(_all_numbers(values), np.minimum)


def _how_often(values: list[Value]) -> Value:
    counted = np.zeros(len(np.asarray(values[0])), dtype=np.int64)
    for truths in values:
        counted += np.asarray(truths, dtype=bool)
    return Numbers(counted)


def _all_numbers(values: list[Value]) -> list[Numbers]:
    return [value for value in values if isinstance(value, Numbers)]


def _best(count: int) -> Worked:
    def worked(values: list[Value]) -> Value:
        numbers = _all_numbers(values)
        places = max(each.places for each in numbers)
        grid = np.sort(np.stack([each.to_places(places).values for each in numbers]), axis=0)
        return Numbers(grid[-count:].sum(axis=0), places)

    return worked


def _earlier(compiler: Compiler, node: ast.Call) -> Compiled:
    """earlier(x, n): x as it was n periods ago, in the period before where n is left out."""
    if not 1 <= len(node.args) <= 2 or node.keywords:
        raise compiler.error(node, "what, and how many periods ago, is needed")
    count = _periods(compiler, node.args[1]) if len(node.args) == 2 else 1
    part = _inside(compiler, node.args[0], None)

    def frames(frame: Frame) -> list[Environment]:
        periods = frame.past.back(count)
        return [periods[-1].everybody] if len(periods) == count else []

    return _column(
        compiler, node, part=part, names=_names(part, with_now=False), frames=frames,
        worked=lambda values: values[0], kind=part.kind,
    )  # fmt: skip


def _latest(compiler: Compiler, node: ast.Call) -> Compiled:
    """latest(x, calendar): x in the last period of another calendar that has ended by now."""
    part, calendar = _of_calendar(compiler, node, None)

    def frames(frame: Frame) -> list[Environment]:
        found = frame.past.latest(calendar)
        return [] if found is None else [found.everybody]

    return _column(
        compiler, node, part=part, names=_names(part, with_now=False), frames=frames,
        worked=lambda values: values[0], kind=part.kind,
    )  # fmt: skip


def _of_calendar(compiler: Compiler, node: ast.Call, kind: Kind | None) -> tuple[Compiled, str]:
    if len(node.args) != 2 or node.keywords:
        raise compiler.error(node, "what, and a calendar such as week, is needed")
    calendar = name_of(node.args[1])
    known = list(compiler.scope.calendars)
    if calendar not in known:
        raise compiler.error(node.args[1], f"a calendar is needed: {', '.join(known)}")
    return _inside(compiler, node.args[0], kind), calendar


def _over_periods(worked: Worked, kind: Kind) -> Callable[[Compiler, ast.Call], Compiled]:
    def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
        is_past = _options(compiler, node, least=2, most=2)
        part = _inside(compiler, node.args[0], kind)
        count = _periods(compiler, node.args[1])
        _refuse_paid_now(compiler, node, part, is_past=is_past)
        return _column(
            compiler, node, part=part, names=_names(part, with_now=not is_past),
            frames=_last(count, is_past=is_past), worked=worked, kind=NUMBER,
        )  # fmt: skip

    return compile_call


def _over_all(worked: Worked) -> Callable[[Compiler, ast.Call], Compiled]:
    def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
        is_past = _options(compiler, node, least=1, most=1)
        part = _inside(compiler, node.args[0], NUMBER)
        _refuse_paid_now(compiler, node, part, is_past=is_past)
        return _column(
            compiler, node, part=part, names=_names(part, with_now=not is_past),
            frames=_ever(is_past=is_past), worked=worked, kind=NUMBER,
        )  # fmt: skip

    return compile_call


def _over_calendar(worked: Worked, kind: Kind) -> Callable[[Compiler, ast.Call], Compiled]:
    def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
        part, calendar = _of_calendar(compiler, node, kind)
        return _column(
            compiler, node, part=part, names=_names(part, with_now=False),
            frames=lambda frame: [each.everybody for each in frame.past.inside(calendar)],
            worked=worked, kind=NUMBER,
        )  # fmt: skip

    return compile_call


def _refuse_paid_now(compiler: Compiler, node: ast.Call, part: Compiled, *, is_past: bool) -> None:
    """What bonuses pay is known of earlier periods alone."""
    for name in sorted(part.names):
        if not is_past and not name.startswith("member.") and compiler.scope.kind_of(name) is None:
            raise compiler.error(node, f"“{name}” is known of earlier periods alone; add past=True")


def _best_of(compiler: Compiler, node: ast.Call) -> Compiled:
    """best(x, k, n): the sum of the k best of the last n periods."""
    is_past = _options(compiler, node, least=3, most=3)
    part = _inside(compiler, node.args[0], NUMBER)
    best, count = (_periods(compiler, each) for each in node.args[1:])
    _refuse_paid_now(compiler, node, part, is_past=is_past)
    return _column(
        compiler, node, part=part, names=_names(part, with_now=not is_past),
        frames=_last(count, is_past=is_past), worked=_best(best), kind=NUMBER,
    )  # fmt: skip


LOOKING_BACK: dict[str, Callable[[Compiler, ast.Call], Compiled]] = {
    "earlier": _earlier,
    "latest": _latest,
    # The sum, largest and smallest of x over the last n periods: sum_last(pv, 3).
    "sum_last": _over_periods(_sum, NUMBER),
    "max_last": _over_periods(_largest, NUMBER),
    "min_last": _over_periods(_smallest, NUMBER),
    "best": _best_of,
    # In how many of the last n periods a condition held: times(rank >= "Gold", 12).
    "times": _over_periods(_how_often, TRUTH),
    # Over all periods that are known: lifetime(pv), most_ever(gv).
    "lifetime": _over_all(_sum),
    "most_ever": _over_all(_largest),
    # Over the periods of another calendar that end in this one: sum_within(paid.binary, week).
    "sum_within": _over_calendar(_sum, NUMBER),
    "max_within": _over_calendar(_largest, NUMBER),
    "times_within": _over_calendar(_how_often, TRUTH),
}
