-- A discount that was lost when a part was given back is credited when what remains costs less again: then the loss of
-- that cancellation is negative. Over an order it never is; the invariants look after that.
alter table cancellations drop constraint cancellations_lost_discount_minor_check;

-- What a cancellation could have given back of fees and tax, and kept by its terms: a later one does not give it either.
alter table cancellations
  add column kept_fees_minor bigint not null default 0 check (kept_fees_minor >= 0),
  add column kept_tax_minor  bigint not null default 0 check (kept_tax_minor >= 0);
