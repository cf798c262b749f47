"""Rounds and versions: who handed in what, adopted, withdrawn, reopened, frozen."""
