"""RDF: map records to statements, and validate graphs."""
