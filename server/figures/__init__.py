"""Figures: the works of a release counted, drawn and given an address.

``axes`` says what works are counted by, ``counts`` counts them in the index, ``chart`` is a figure
with its table; ``bars``, ``timeline``, ``matrix`` and ``choropleth`` draw it, ``collection`` lists
all there are, ``surface`` and ``evidence_map`` serve them.
"""
