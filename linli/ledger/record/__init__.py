"""The public record as the ledger keeps it: its tables, checkpoints, proofs and audit."""
