"""The query page: an editor, examples, and answers with labels, charts and download links."""
