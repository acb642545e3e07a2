"""Entry of the application: ``streamlit run streamlit_app.py``, or ``maillage app``."""

from explorer.pages.application import run

run()
