"""The small computer itself: its warmth and power, its disk, its clock, who uses its devices."""
