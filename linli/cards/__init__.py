"""What a card's own bytes say, and the keys behind them: for the reader's end, the ledger's and the
simulated chip's. Pure."""
