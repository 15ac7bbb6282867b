"""Official letters of a campaign: written from its data, numbered, signed, delivered, never changed after."""
