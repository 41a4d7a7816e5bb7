"""Stand-ins for the two services a bootstrap talks to: the Lambda Runtime API and Systems Manager."""
