"""Who there is: the org tree, account holders, cards, and how their names are shown."""
