"""Stories of neighbours for the board: of those who were honoured, and from sharing sessions."""
