"""From source files to a release, and the store that answers from it; packages are layers."""
