"""Roadmaps: planned, decided on by people, adopted, followed, tried otherwise, and as files."""
