"""A customer's theme, as small as one can be: own colours, one block of the shell, one page."""
