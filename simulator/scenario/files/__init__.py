"""Scenarios as files: read and examine a document, write one.

``reading`` gives a checked scenario or raises; ``examination`` finds every mistake, by ``structure`` (with
``schema_nodes``, ``complaints`` and ``culprits``) and by ``recovery`` from a broken one; ``writing`` is the way back.
"""

from simulator.scenario.files.examination import examine
from simulator.scenario.files.reading import from_data, from_document, load, loads
from simulator.scenario.files.writing import dump

__all__ = ["dump", "examine", "from_data", "from_document", "load", "loads"]
