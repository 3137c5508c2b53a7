"""A merchant's pages, on the phone at the till: `/merchant`."""
