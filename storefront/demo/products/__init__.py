"""The shelves of Linden & Loom, one module per category."""

from storefront.demo.products import care, home, kitchen, movement, sleep

SHELVES = (care, kitchen, sleep, movement, home)
