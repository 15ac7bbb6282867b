"""From a campaign to an approved plan."""
