"""Index: find works and things in a release, in two SQLite files that a build writes once.

``works.db`` has the works by word, by facet and by year (``works_index`` writes it, ``works`` reads
it); ``names.db`` has the names of everything that has a page (``names_index``, ``names``).
"""
