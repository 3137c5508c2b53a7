"""A simulated town: people, cards, a seeded day; shared by demo, tests and benchmarks."""
