"""The scenario document: what is agreed and what is believed, read, checked and written."""
