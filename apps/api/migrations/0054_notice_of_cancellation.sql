-- What staff say to the holders of a session that is off, as with one that moves. The reason is for the records.
alter table session_cancellations add column notice text,
  add constraint session_cancellations_notice_check check (notice <> '' and length(notice) <= 500);
