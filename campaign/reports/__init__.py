"""What was achieved, computed from rows."""
