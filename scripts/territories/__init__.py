"""Derivation of ``data/territories`` from three registry packages (see ``build_territories.py``)."""
