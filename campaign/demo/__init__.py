"""The demonstration: a synthetic city, and a service day that replays through the real use-cases."""
