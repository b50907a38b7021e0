"""The dataset as a whole: its description, its dumps and its changes."""
