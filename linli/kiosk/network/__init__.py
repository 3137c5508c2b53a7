"""What the terminal says and asks over the network: its link, its certificate, asks, pictures."""
