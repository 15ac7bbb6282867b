"""The service day: arrivals, screening, outcomes, tallies."""
