"""What the data means and how sound it is: ontology, shapes, validation report."""
