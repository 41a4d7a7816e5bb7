"""scripts/run-local files: shared files on this machine."""
