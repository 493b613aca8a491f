"""`make run`: from a bare checkout to a running demo company.

Nothing here is needed in production, where a supervisor starts gunicorn and `manage.py work`.
"""
