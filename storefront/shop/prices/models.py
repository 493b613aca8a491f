"""Prices by buyer kind, rank and quantity; tax by destination."""
