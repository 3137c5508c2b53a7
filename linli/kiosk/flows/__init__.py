"""What happens at the terminal, as plain Python: values in, decisions and view states out."""
