"""What runs inside an installation that a benchmark made, and prints what it found."""
