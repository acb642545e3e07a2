"""Anchor that lets Streamlit find this project's ``pyproject.toml``.

Streamlit looks for packaged component assets only beside the module named like the
distribution, and ``maillage`` has no package of that name.
"""
