"""The desk's cases of idle land, and the list of idle land for everyone."""
