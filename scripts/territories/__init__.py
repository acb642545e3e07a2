"""Derivation of ``data/territories`` from three registry packages."""
