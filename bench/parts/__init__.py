"""The modules that ``bench/run.py`` and the other scripts in ``bench/`` use."""
