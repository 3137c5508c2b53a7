"""The monthly notice: what was posted is shown, may be objected to, and is then sealed."""
