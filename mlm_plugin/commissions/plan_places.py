"""Where in a document something stands: what is wrong with it, by place and line.

A place is names and numbers with dots between, as errors name it: `ladders.rank.ranks.1.requires.0`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.container import OutOfOrderTableProxy
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from mlm_plugin.plan.document import PlanError

PLACE = re.compile(r"([a-z_]+(?:\.[^:]+?)?): (.+)", re.DOTALL)
LINE = re.compile(r"at line (\d+), column (\d+)")
# Put where something stands, to see on which line it comes out; no document can hold it.
MARK = "\ue000here\ue000"
LONGEST_QUOTE = 120
# What has a line of its own in brackets, and nothing that could be replaced by a mark.
PARTS = (Table, AoT, OutOfOrderTableProxy)
MOST_PROBLEMS = 50
# What the library raises for texts that are no TOML, and for some that are.
UNREADABLE = (TOMLKitError, LookupError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Problem:
    """What is wrong: the place (empty for the document as a whole), its line from 1, what it says there."""

    place: str
    text: str
    line: int | None = None
    quoted: str = ""


def read_problems(*, error: PlanError, document: str) -> list[Problem]:
    """What an error says about a document, each with the line it is about where there is one."""
    lines = document.splitlines()
    problems = []
    for said in str(error).splitlines()[:MOST_PROBLEMS] or [""]:
        found = PLACE.fullmatch(said)
        place, text = (found[1], found[2]) if found and "." in found[1] else ("", said)
        syntax = LINE.search(said)
        number = int(syntax[1]) if syntax else find_line(document=document, place=place)
        quoted = lines[number - 1].strip() if number and number <= len(lines) else ""
        problems.append(Problem(place, text, number, quoted[:LONGEST_QUOTE]))
    return problems


def find_line(*, document: str, place: str) -> int | None:
    """The line, from 1, on which a place stands, or the part that lacks it; None where neither is there."""
    if not place:
        return None
    try:
        steps = resolve(document=tomlkit.parse(document).unwrap(), place=place)
        while steps:
            number = _line_of_value(document, steps) or _line_of_head(document, steps)
            if number:
                return number
            steps = steps[:-1]
    except UNREADABLE:
        # A line only helps to find the place, which is named anyhow.
        return None
    return None


def resolve(*, document: Mapping[str, Any], place: str) -> list[str | int]:
    """A place as keys and numbers, as far as the document has them.

    Ranks of ladders are named in errors (`ladders.rank.Leader.0`) and numbered in documents; names of
    rows may hold dots themselves.
    """
    steps: list[str | int] = []
    here: Any = document
    rest = place.split(".")
    while rest:
        found = _step(here, rest)
        if found is None:
            break
        keys, used = found
        for key in keys:
            here = here[key]
        steps += keys
        rest = rest[used:]
    return steps


def _step(here: Any, rest: Sequence[str]) -> tuple[list[str | int], int] | None:
    """The next keys and how many words of the place they take."""
    if isinstance(here, Mapping):
        for used in range(len(rest), 0, -1):
            key = ".".join(rest[:used])
            if key in here:
                return [key], used
        ranks = here.get("ranks")
        if isinstance(ranks, list):
            for used in range(len(rest), 0, -1):
                for number, rank in enumerate(ranks):
                    if isinstance(rank, Mapping) and rank.get("name") == ".".join(rest[:used]):
                        return [
                            "ranks",
                            number,
                            *(["requires"] if "requires" in rank else []),
                        ], used
    elif isinstance(here, list) and rest[0].isdecimal() and int(rest[0]) < len(here):
        return [int(rest[0])], 1
    return None


def _line_of_value(document: str, steps: Sequence[str | int]) -> int | None:
    parsed: Any = tomlkit.parse(document)
    here = parsed
    for step in steps[:-1]:
        here = here[step]
    if isinstance(here[steps[-1]], PARTS):
        return None
    here[steps[-1]] = MARK
    for number, line in enumerate(tomlkit.dumps(parsed).split("\n"), start=1):
        if MARK in line:
            return number
    return None


def _line_of_head(document: str, steps: Sequence[str | int]) -> int | None:
    """The line of `[bonuses.levels]`, or of the first part inside it."""
    names = [str(step) for step in steps if isinstance(step, str)]
    head = r"\s*\.\s*".join(rf"""["']?{re.escape(name)}["']?""" for name in names)
    pattern = re.compile(rf"\s*\[\[?\s*{head}\s*[\].]")
    found = [
        number for number, line in enumerate(document.splitlines(), start=1) if pattern.match(line)
    ]
    # Of several `[[bonuses.levels.variants]]`, the one that is counted.
    which = steps[-1] if isinstance(steps[-1], int) else 0
    return found[which] if which < len(found) else None
