"""QR scanners: one door (`base.Scanner`), on a serial port or as a keyboard."""
