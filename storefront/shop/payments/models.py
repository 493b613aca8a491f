"""Checkout attempts and what the payment provider said of them."""
