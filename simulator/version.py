"""Version of the package; results are reproducible within one version."""

__version__ = "0.1.0"
