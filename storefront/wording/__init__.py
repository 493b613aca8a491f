"""Our words for what other packages say: Oscar's and allauth's texts in `locale/`.

English says basket where Oscar says cart; Russian fills in what Oscar leaves in English on pages
that customers see. These catalogues are written by hand: `make messages` collects from our own
sources only and would drop texts it does not find there.
"""
