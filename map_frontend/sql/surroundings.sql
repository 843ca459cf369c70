-- The surroundings of a county as one GeoJSON FeatureCollection (degrees, EPSG:4490, to 10 m): land, and names of neighbours
-- and waters at points. Parameters: county (code). A few hundred rows at most.
select
    json_build_object(
        'type', 'FeatureCollection',
        'features', coalesce(json_agg(
            json_build_object(
                'type', 'Feature',
                'geometry', st_asgeojson(geom, 4)::json,
                'properties', json_build_object('kind', kind, 'name', name, 'name_en', name_en)
            )
            order by code
        ), '[]'::json)
    )::text as surroundings
from open_data.surroundings
where county_code = :county
