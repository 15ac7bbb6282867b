"""Celery workers: claim, call one use-case, record."""
