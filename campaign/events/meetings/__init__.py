"""Meetings of a campaign: who is asked, who came, what was said, and who promised what."""
