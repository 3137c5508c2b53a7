"""Card readers: one door (`base.CardReader`), one driver a file."""
