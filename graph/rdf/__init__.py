"""RDF: what a record becomes in the graph, and whether a graph is sound."""
