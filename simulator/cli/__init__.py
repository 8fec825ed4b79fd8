"""The command line: read the arguments, call the public functions of the package, print.

``arguments`` reads what was asked, ``commands`` carries it out, ``text`` and ``json_output`` write the answer
for people and for machines, ``labels`` finds the words, ``program`` holds it together and never shows a traceback.

Exit codes: 0 when all is well, 2 with every mistake on standard error, 130 when interrupted from the keyboard.
"""

from simulator.cli.program import main

__all__ = ["main"]
