-- The piece of a limit that a use is taken from is looked for from a point drawn by lot, in the order of the key. Drawing by sorting read
-- every piece, and every dead version of each: with a promotion that everybody uses the most of what taking it cost.
create or replace function app.take_promotion(p_id bigint, p_uses integer, p_minor bigint, p_holders text[]) returns boolean
  language plpgsql volatile
  set enable_seqscan = off
  set enable_bitmapscan = off
as $$
declare
  rule   promotions;
  piece  integer;
  least_share integer;
  most_share  integer;
  point  integer;
  needed bigint := p_minor;
  wanted integer := p_uses;
  one    record;
begin
  select * into strict rule from promotions where id = p_id for key share;
  if rule.limit_per_user is not null and p_uses > 0 then
    for one in select distinct h from unnest(p_holders) h order by h loop
      insert into promotion_holders (promotion_id, holder, uses) values (p_id, one.h, 1)
      on conflict (promotion_id, holder) do update set uses = promotion_holders.uses + 1
        where promotion_holders.uses < rule.limit_per_user;
      if not found then perform app.fail('promotions.limit_per_user'); end if;
    end loop;
  end if;
  if rule.limit_total is null then wanted := 0; end if;
  if rule.budget_minor is null then needed := 0; end if;
  if wanted = 0 and needed = 0 then return true; end if;

  select min(share), max(share) into least_share, most_share from promotion_shares where promotion_id = p_id;
  point := least_share + floor(random() * (most_share - least_share + 1))::integer;
  select share into piece from promotion_shares
   where promotion_id = p_id and share >= point and coalesce(uses_left >= wanted, true) and coalesce(minor_left >= needed, true)
   order by share limit 1 for update skip locked;
  if not found then
    select share into piece from promotion_shares
     where promotion_id = p_id and share < point and coalesce(uses_left >= wanted, true) and coalesce(minor_left >= needed, true)
     order by share limit 1 for update skip locked;
  end if;
  if found then
    update promotion_shares set uses_left = uses_left - wanted, minor_left = minor_left - needed
     where promotion_id = p_id and share = piece;
    return true;
  end if;

  select coalesce(sum(uses_left) >= wanted, true) as uses, coalesce(sum(minor_left) >= needed, true) as money into one
    from promotion_shares where promotion_id = p_id;
  if not one.uses then perform app.fail('promotions.limit_reached'); end if;
  if not one.money then perform app.fail('promotions.budget_spent'); end if;

  for one in select share, uses_left, minor_left from promotion_shares where promotion_id = p_id order by share for update loop
    update promotion_shares set uses_left = uses_left - least(wanted, one.uses_left), minor_left = minor_left - least(needed, one.minor_left)
     where promotion_id = p_id and share = one.share;
    wanted := wanted - least(wanted, one.uses_left);
    needed := needed - least(needed, one.minor_left);
    if wanted = 0 and needed = 0 then return true; end if;
  end loop;
  perform app.fail(case when wanted > 0 then 'promotions.limit_reached' else 'promotions.budget_spent' end);
  return false;
end $$;
