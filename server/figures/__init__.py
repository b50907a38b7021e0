"""Figures: charts of the works of a release, each with its own address.

``axes`` defines what works are counted by and ``counts`` counts them in the index. ``chart`` is a
figure with its table; ``bars``, ``timeline``, ``matrix`` and ``choropleth`` draw it. ``collection``
lists all figures; ``surface`` and ``evidence_map`` serve them.
"""
