"""The model page: the whole machine, from the drawing down to the arithmetic of one number."""
