"""The door: `streamlit run app.py`."""

from simulator.ui.frame import run

run()
