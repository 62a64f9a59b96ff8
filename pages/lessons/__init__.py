"""The lessons page: stories told step by step, with exercises that check themselves."""
