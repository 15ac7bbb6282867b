"""The papers of one service day at one facility: what to print the evening before."""
