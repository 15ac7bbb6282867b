"""The telephones of a service day: what they record without a network, and how it reaches the same use-cases."""
