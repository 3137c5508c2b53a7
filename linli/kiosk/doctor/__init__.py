"""What is wrong with a terminal, and what to do: one check for each thing, for `linli terminal
doctor` and for the self-test of the maintainer's menu."""
