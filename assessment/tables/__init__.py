"""Frames for people, the same on screen, in a sheet and in a document."""
