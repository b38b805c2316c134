"""The figures of a report: what a ledger says about a period, recomputed from its entries."""
