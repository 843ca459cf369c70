"""Composition root: command line, private database, sample county, backup."""
