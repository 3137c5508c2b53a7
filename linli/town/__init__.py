"""A simulated town: centre, people, cards and a seeded day, shared by demo, tests and benchmarks."""
