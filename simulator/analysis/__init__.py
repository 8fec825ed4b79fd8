"""What to do: questions asked of a deal, answered with many simulations on the same luck."""
