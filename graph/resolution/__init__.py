"""Resolution: which records are one work, and which mentions are one person or organisation.

``resolve`` puts records together: ``blocking`` finds pairs worth comparing by the ``features`` of
each, ``compare`` and ``contradictions`` judge them, a curator's ``decisions`` become ``rulings``
that overrule both, and ``merging`` makes one record of several. ``agents`` gives names their ids;
``likely`` finds persons who are probably the same.
"""
