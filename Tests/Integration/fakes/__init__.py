"""Stand-ins for the two services a bootstrap talks to: the Lambda Runtime API and Systems Manager."""

import sys
from pathlib import Path

# The fakes and the local run's emulators know the services' models by one module.
sys.path.append(str(Path(__file__).resolve().parents[3] / "scripts"))
