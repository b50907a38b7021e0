"""The dataset as a whole: its description, its dumps, its changes."""
