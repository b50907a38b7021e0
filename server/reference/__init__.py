"""The meaning and quality of the data: ontology, shapes and validation report."""
