"""How dates and times are written, where a language's own way of Django does not fit."""
