"""What can be said of a plan before any run: ranks, rates, what it can cost, whom it needs, the law."""
