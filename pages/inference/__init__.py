"""The inference page: a prompt, the text that follows, each token with its distribution."""
