"""The ledger: what was measured and what was decided, in one chain a poller. It outlives the process.

`kinds` says what entries there are, `codec` how their bodies are written, `hour` and `tail` how slots are,
with `varint`; `chain` hashes each entry with the one before, and `withholding` says what stands beside it;
`store` keeps all of it in the `tables` of SQLite or PostgreSQL, and `writer` is the thread that does so;
`reading` gives it back, and `edition` hands it on. `docs/ledger-format.md` specifies the format, so that
another program can read it.
"""
