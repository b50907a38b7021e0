"""Querying the store: the SPARQL endpoint and Triple Pattern Fragments."""
