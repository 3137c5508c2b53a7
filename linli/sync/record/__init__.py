"""What the public record is made of, and how anybody checks it: no database, no network."""
