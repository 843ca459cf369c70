"""JSON of our own under /v1, one file per subject."""
