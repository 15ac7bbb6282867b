"""Builders: each makes one valid thing; a test names only what it is about."""
