"""Results as sentences a member can read, in English and Russian."""
