"""The campaign: its dates, places, targets and sessions."""
