"""Use cases: what a page or a command asks for. They know the store, never Streamlit."""
