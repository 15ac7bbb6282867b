"""How far a campaign has come: what the features know, set against the steps of its SOP."""
