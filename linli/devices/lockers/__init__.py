"""Doors that open by themselves: one door to them (`base.Locker`), one driver a file."""
