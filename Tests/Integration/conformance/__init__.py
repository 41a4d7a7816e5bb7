"""What a custom runtime owes the Runtime API, as tables of scenarios."""

from .connections import CONNECTIONS
from .endings import ENDINGS
from .errors import ERRORS
from .events import EVENTS
from .refusals import REFUSALS

SCENARIOS = CONNECTIONS + REFUSALS + EVENTS + ERRORS + ENDINGS
