"""The kinds of pages an editor can make, one file each."""
