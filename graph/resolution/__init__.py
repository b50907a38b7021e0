"""Resolution: which records are one work, which are versions, which names are one person."""
