-- A cinema's day is looked up hall by hall. By day alone all cinemas are read, by hall alone its whole past.
create index sessions_hall_id_business_day on sessions (hall_id, business_day, start_time, id);
