"""Pages: read what is on the screen, call one function of the core, draw."""
