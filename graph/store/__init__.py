"""The store: runs checked queries in worker processes or on a remote endpoint."""
