/** Tables that tell nothing of anybody: what the house shows, counts and needs to run. Names of film makers are public. */
export const impersonal: Record<string, string> = {
  audit_seals: 'position audit_id hash sealed_at',
  audit_unsealed: 'audit_id',
  cancellation_policies: 'cinema_id cutoff_minutes returns_fees charge_minor charge_percent',
  certifications: 'name min_age',
  cinema_price_rules:
    'cinema_id web_ticket_fee_minor web_order_fee_minor counter_ticket_fee_minor counter_order_fee_minor tax_mode tax_name tax_percent rounding rounding_step_minor',
  cinemas: 'name address city phone email latitude longitude opening_time closing_time timezone currency facilities is_active',
  directors: 'name',
  event_texts: 'session_id description folded folding',
  genres: 'slug name',
  exchange_credits: 'payment_id refund_id source_payment_id',
  exchange_tickets: 'exchange_id old_ticket_id new_ticket_id done_at',
  // A random number and the hash of what a browser keeps; nobody is told apart from anybody by it.
  guests: 'token_hash locale forget_at',
  halls: 'cinema_id name hall_number rows seats_per_row screen_type sound_system accessibility seat_map is_active',
  movie_directors: 'movie_id director_id position',
  movie_genres: 'movie_id genre_id position',
  movie_scores: 'movie_id ratings_count ratings_sum',
  movie_search: 'movie_id titles people everything folding',
  movie_stars: 'movie_id star_id position',
  movies:
    'uuid title original_title description translations duration_minutes producer release_year certification_id imdb_rating imdb_votes meta_score budget_minor gross_minor price_minor poster_url trailer_url is_active',
  payment_items: 'payment_id order_item_id amount_minor',
  permissions: 'permission',
  person_search: 'director_id star_id names folding',
  price_cards:
    'cinema_id name weekdays from_time to_time formats valid_from valid_to base_price_minor premium_price_minor vip_price_minor offers is_active slots valid',
  price_revision: 'only_one revision',
  promo_codes: 'code promotion_id',
  promotion_shares: 'promotion_id share uses_left minor_left',
  promotions:
    'name_uk name_ru name_en kind priority is_automatic is_active basis_points amount_minor free_lines group_lines days_ahead currency starts_at ends_at first_day last_day weekdays from_time until_time cinema_ids movie_ids ticket_types seat_types minimum_minor minimum_lines limit_total limit_per_user budget_minor',
  reconciliations: 'provider from_at to_at phase cursor movements differences finished_at',
  receipt_dues: 'payment_id refund_id',
  receipt_series: 'cinema_id year kind last_number',
  // Papers of the books: what was sold and paid, by the number of an order, and who sold it.
  receipts: 'kind cinema_id year number order_id payment_id refund_id currency amount_minor seller lines taxes issued_at',
  refund_items: 'refund_id order_item_id amount_minor',
  role_permissions: 'role permission',
  roles: 'role is_everywhere',
  schema_migrations: 'name checksum applied_at',
  // Why a seat is blocked is written by staff, of the seat.
  seat_claims: 'session_id seat_id state order_id ticket_id acquired_at expires_at reason',
  seats: 'hall_id seat_row seat_number seat_type x y rotation pair_id is_active',
  // A company, as its receipts name it.
  sellers: 'cinema_id legal_name tax_number legal_address',
  session_swap_seats: 'swap_id ticket_id old_seat_id new_seat_id fit refund_minor',
  session_totals: 'session_id currency reserved paid used cancelled expired refunded revenue_minor counted_at',
  sessions:
    'movie_id hall_id start_time end_time occupies business_day base_price_minor vip_price_minor premium_price_minor early_bird_discount language subtitles format_3d format_imax accessibility status is_active sales_open_at sales_close_at version price_card_id',
  stars: 'name',
  statistics_marks: 'only_one ticket_mark event_mark ticket_safe event_safe ticket_seen event_seen writers seen_at uncounted',
  ticket_types: 'code names who_may_buy percent_off seat_types needs_proof is_default position is_active',
  webhook_events: 'provider event_id type payment_id received_at',
  // The demonstration's bank is another company that happens to live next door: it is never told who pays.
  'mock_provider.intents':
    'idempotency_key payment_id amount_minor currency status failure_code card_token captured_minor refunded_minor client_secret settles_at',
  'mock_provider.journal': 'idempotency_key intent_id kind amount_minor currency',
  'mock_provider.refunds': 'idempotency_key intent_id amount_minor',
  'mock_provider.webhooks': 'event_id intent_id body due_at sent_at attempts',
}
