"""The web server: reads one release, knows nothing of the steps that made it."""
