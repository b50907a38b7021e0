"""The HTTP server: strict parsing of requests, deadlines for connections, fair shares."""
