"""Pure analysis of the network: knows no store."""
