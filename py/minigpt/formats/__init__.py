"""Weight files: safetensors, and GPT-2 folders as `transformers` writes them."""
