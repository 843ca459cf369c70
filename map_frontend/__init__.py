"""Pages and the Folium/Leaflet map: faces over the queries and commands of `geo`, on the plumbing of `api`."""
