"""The running server: hot reload, HTTP, cached responses, metrics, health."""
