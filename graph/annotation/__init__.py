"""Annotation: what titles and keywords name, by the vocabularies' labels, with the evidence."""
