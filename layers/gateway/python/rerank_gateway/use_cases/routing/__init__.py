"""From a plan to a ranking: how targets are called, one after the other or several at once."""
