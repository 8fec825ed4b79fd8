"""What happens: draws, outcomes, measurement, payments, funding and waterfall, flows by party."""
