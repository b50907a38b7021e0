"""What ``bench/sparql.py`` is made of."""
