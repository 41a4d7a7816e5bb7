"""Faults × operations: what a phase makes of each, and by which rules that is known beforehand."""

from .cell import Cell
from .rules import OPERATIONS
from .troubles import ONCE, POLL, TROUBLES

PHASES = ("phase1", "phase2", "phase3")
# Phase 3 runs its script for good: how often it is polled until the end is not to be known beforehand.
COUNTABLE = ("phase1", "phase2")
_CELLS = [(trouble, operation, times) for trouble in TROUBLES for operation in OPERATIONS for times in trouble.times
          if operation in trouble.operations]
CELLS = [Cell(*cell, phases[number % len(phases)]) for number, cell in enumerate(_CELLS)
         for phases in [COUNTABLE if cell[1:] == (POLL, ONCE) else PHASES]]
