"""The record of one thing: its documents, links and citations."""
