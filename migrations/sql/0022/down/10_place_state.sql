drop function open_data.place_state(text, text[], int[], text);
drop function staff_data.place_state(text, text[], int[], text);
