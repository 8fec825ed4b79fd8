"""Facts that do not belong to one deal: official discount rates, units of account and prices, with their sources."""
