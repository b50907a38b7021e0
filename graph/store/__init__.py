"""The store: a query guarded, run in a worker process or on a remote endpoint, answered whole."""
