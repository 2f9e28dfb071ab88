"""How an order reaches the shopper: addresses, zones, slots and what is still to be said."""
