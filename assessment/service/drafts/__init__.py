"""Filling in on screen: a draft row by row, until it is handed in as any file."""
