-- Outline of a county as GeoJSON text, simplified to about 100 m, for a map without towns. Parameters: county (code).
select st_asgeojson(st_simplifypreservetopology(outline, 0.001), 5) as outline
from open_data.counties
where code = :county
