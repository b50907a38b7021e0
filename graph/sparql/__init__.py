"""SPARQL: a query guarded, run in a worker process or on a remote store, answered whole."""
