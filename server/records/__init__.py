"""What is said of one thing: its documents, its links, its citation."""
