"""Public value: what additional results are worth, beside doing nothing and beside buying the programme by inputs."""

from simulator.scenario.reference.rates import OFFICIAL, Discount, flat, nominal_rate
from simulator.value.comparison import Alternatives, compare

__all__ = ["OFFICIAL", "Alternatives", "Discount", "compare", "flat", "nominal_rate"]
