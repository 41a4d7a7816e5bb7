"""scripts/invoke: a function called on this machine, as Lambda calls it."""
