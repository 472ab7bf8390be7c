-- The catalogue by age, its usual order, is cut from this index alone; before, the rows of all pages before it were read as well.
create index movies_newest on movies (is_active, id);
drop index movies_is_active;
