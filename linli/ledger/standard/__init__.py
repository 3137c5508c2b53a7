"""The points standard in its versions."""
