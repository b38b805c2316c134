"""The ledger: what is kept so that anyone can recompute it."""
