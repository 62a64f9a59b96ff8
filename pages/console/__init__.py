"""The Python console: what a page shows, asked for in code."""
