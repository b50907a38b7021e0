"""The query page: an editor, examples, and answers with labels, drawings and ways to take them."""
