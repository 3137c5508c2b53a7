"""What a community board shows and when, as values and words; window and web page draw it."""
