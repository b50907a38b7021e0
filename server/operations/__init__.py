"""The running server: hot reload, cached responses, metrics and health."""
