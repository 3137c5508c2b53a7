"""What is printed, posted and signed: sheets made from plain values."""
