"""What a terminal does when it is given jobs from afar."""
