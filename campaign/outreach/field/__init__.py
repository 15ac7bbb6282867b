"""Field work before the plan: doors knocked at, lists handed in and accepted, doubles found, doubts flagged."""
