"""Every address of the site, for tests that must not miss one."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Address(NamedTuple):
    """One URL pattern: its name with namespaces, its path, and whether the path takes arguments."""

    name: str
    path: str
    takes_arguments: bool


def walk(patterns: list | None = None, prefix: str = "/", names: str = "") -> Iterator[Address]:
    """All patterns below the root resolver, depth first."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from walk(pattern.url_patterns, prefix + here, inner)
        elif isinstance(pattern, URLPattern):
            path = (prefix + here).removesuffix("$").removesuffix("\\Z")
            takes_arguments = any(sign in path for sign in "<([\\*+?")
            yield Address(f"{names}{pattern.name or ''}", path, takes_arguments)


def fill(path: str) -> str:
    """The path with its arguments replaced by some that fit the pattern and nothing in the world."""
    path = re.sub(r"<(?:int:)\w+>", "999999", path)
    path = re.sub(r"<(?:uuid:)\w+>", "00000000-0000-4000-8000-000000000000", path)
    path = re.sub(r"<(?:[a-z]+:)?\w+>", "nothing", path.replace("(?P<", "(?P«"))
    path = re.sub(r"\(\?P«\w+>\(?[^()]*\\d[^()]*\)?\)", "999999", path)
    path = re.sub(r"\(\?P«\w+>[^()]*(?:\([^()]*\)[^()]*)*\)", "nothing", path)
    path = re.sub(r"\([^()]*\)\??", "", path)
    return re.sub(r"[\\^$?]|\.\*", "", path).replace("//", "/")
