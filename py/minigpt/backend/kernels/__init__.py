"""The compiled kernels: C beside this file, made into WebAssembly by build.py."""
