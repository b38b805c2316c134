"""What follows from evidence: criteria and claims, one file per kind."""
