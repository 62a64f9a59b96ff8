"""The benchmark system: real work, measured beside what others do with the same input."""
