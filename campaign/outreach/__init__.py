"""Candidates, and the invitations that reach them exactly once."""
