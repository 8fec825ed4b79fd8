"""Figures: from simulated money to plain dicts that the plotting library draws. No numbers are made here."""
