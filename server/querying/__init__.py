"""Questions to the store: the SPARQL endpoint and Triple Pattern Fragments."""
