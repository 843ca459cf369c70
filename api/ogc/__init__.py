"""OGC API: Features and Tiles over the collections (the full standard is a later issue)."""
