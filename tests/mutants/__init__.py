"""Guards taken out one by one: each has to be missed by a test."""
