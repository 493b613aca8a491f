"""The blocks that pages are built from: one idea, one file."""
