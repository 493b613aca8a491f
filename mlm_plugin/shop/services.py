"""Writes of the shop's door: rings become credited orders."""


def credit_order_now_or_later(*, order_id: int) -> None:
    """Credit one order, by `MLM["CREDIT"]`, in this request or by the worker."""
