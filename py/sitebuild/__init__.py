"""What build.py does, one step per file: environment, node, wheels, bundle, pages, dist, serve."""
