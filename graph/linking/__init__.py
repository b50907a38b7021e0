"""Linking: tables of links to other datasets, checked and turned into linksets."""
