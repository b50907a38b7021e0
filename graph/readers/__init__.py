"""Readers: one module a format, each ``read(text, file) -> Iterator[Entry]``."""
