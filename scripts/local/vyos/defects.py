"""What may be wrong with a router on purpose (the faults of the local run)."""

import os

VARIABLE = "SDWAN_LOCAL_DEFECT"
IPSEC_DAEMON, GRAMMAR, SAVE = "ipsec-daemon", "grammar", "save"
# The node that a router with a defective grammar does not know.
UNKNOWN_NODE = "ebgp-multihop"


def has(defect: str) -> bool:
    return os.environ.get(VARIABLE) == defect
