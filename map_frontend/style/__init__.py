"""Colours, shapes and how they differ for every eye."""
