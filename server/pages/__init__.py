"""Pages that lead to everything else: home, lists and search."""
