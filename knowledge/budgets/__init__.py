"""What a shopper wants to spend, and the ledger of it."""
