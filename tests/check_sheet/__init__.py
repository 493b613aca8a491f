"""A check sheet of all pages: every page at two widths, light and dark, in both languages.

    make sheet                                # fills a demo company of its own, then takes all
    make sheet ONLY="shop account"            # some areas
    VAR_DIR=../demo make sheet                # of a demo company that is there

It writes `docs/sheet/*.webp` and `docs/check_sheet.md`, to be looked through before a release and
after a change of the theme.
"""
