"""HTTP: OGC API, JSON, who is there, problems. Knows no HTML pages; they are map_frontend's."""
