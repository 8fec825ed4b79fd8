"""Read a scenario file: a small, safe part of YAML 1.2, of which JSON is a part too.

YAML in general is neither small nor safe: aliases explode, tags build objects, ``no`` is false in one version
and a word in the next, ``1:30`` may be ninety. Here a document is mappings with text keys, lists and scalars,
nothing else. The pure Python scanner and parser of ruamel.yaml deliver events (the C parser would need a
second package and knows YAML 1.1 only); the composer turns them into plain data and builds no objects.

========================  ====================================================================================
Scalar, unquoted          Read as
========================  ====================================================================================
``true`` ``False`` …      boolean (``true True TRUE``, likewise false); ``yes no on off`` are text
``null`` ``~``, nothing   null
``12`` ``-3`` ``0x1F``    integer, also ``0o17``
``1.5`` ``1e5`` ``.5``    number from 1e-300 to 1e300 in size, up to 40 digits; ``.inf``, ``.nan`` are refused
``010`` ``-007.5``        refused: octal in YAML 1.1, decimal in 1.2, often a code that should be in quotes
anything else             text: so are dates, ``1:30``, ``1_000`` and ``12,5``; quotes always make text
========================  ====================================================================================

Keys are text as written, whatever they look like. Problems are collected as issues and raised once; those
after which reading makes no sense (syntax, too deep, too many nodes) end the collection.

One module per step: ``source`` (file and characters), ``scanner`` (events), ``composer`` and ``scalars`` (data).
"""

from simulator.scenario.strict_yaml.document import Document, Plain
from simulator.scenario.strict_yaml.reading import load_file, load_text

__all__ = ["Document", "Plain", "load_file", "load_text"]
