"""Golden files: what the reference implementations computed, so that the suite runs without them."""
