"""What a card's own bytes say: dynamic messages and the keys behind them. Pure."""
