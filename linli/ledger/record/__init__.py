"""The public record: a Merkle tree of posted deeds, signed checkpoints, and how to check them."""
