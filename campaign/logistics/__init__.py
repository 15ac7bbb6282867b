"""The warehouse and its ledger."""
