"""The picture that stands before a window while its program starts: what the screen rests on, as it
was kept when nobody was there."""
