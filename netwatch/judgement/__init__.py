"""A pure reducer from observations to states, outages and settled minutes. Replaying equals living."""
