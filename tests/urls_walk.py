"""Every address of the site, for tests that must not miss one."""

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
