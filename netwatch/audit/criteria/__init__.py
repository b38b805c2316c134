"""What shows a criterion of a unit and what contradicts it: one file each (docs/criteria.md)."""
