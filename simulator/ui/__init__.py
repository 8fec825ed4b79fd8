"""The screen: the only home of Streamlit. Pages are thin; numbers come from the core, words from the catalogues."""
