"""Matching other people's names and identifiers to the things in this graph."""
