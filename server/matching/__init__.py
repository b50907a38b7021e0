"""Other people's names and identifiers, and the things here that they mean."""
