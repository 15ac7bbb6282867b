"""Workbooks in: preview every mistake, then apply all or nothing."""
