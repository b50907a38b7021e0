"""The running server: release swap, HTTP, logs, metrics, health."""
