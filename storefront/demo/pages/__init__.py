"""What the pages of the demo company say, in both languages."""
