"""Several districts that share depots: reading, sharing out, planning side by side, checking."""
