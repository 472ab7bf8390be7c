/** Tables that tell nothing of anybody: what the house shows, counts and needs to run. Names of film makers are public. */
export const impersonal: Record<string, string> = {
  audit_seals: 'position audit_id hash sealed_at',
  audit_unsealed: 'audit_id',
  certifications: 'name min_age',
  cinemas: 'name address city phone email latitude longitude opening_time closing_time timezone currency facilities is_active',
  directors: 'name',
  event_texts: 'session_id description',
  genres: 'slug name',
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
  reconciliations: 'provider from_at to_at phase cursor movements differences finished_at',
  refund_items: 'refund_id order_item_id amount_minor',
  role_permissions: 'role permission',
  roles: 'role is_everywhere',
  schema_migrations: 'name checksum applied_at',
  // Why a seat is blocked is written by staff, of the seat.
  seat_claims: 'session_id seat_id state order_id ticket_id acquired_at expires_at reason',
  seats: 'hall_id seat_row seat_number seat_type x y rotation pair_id is_active',
  session_swap_seats: 'swap_id ticket_id old_seat_id new_seat_id fit refund_minor',
  session_totals: 'session_id currency reserved paid used cancelled expired refunded revenue_minor counted_at',
  sessions:
    'movie_id hall_id start_time end_time occupies business_day base_price_minor vip_price_minor premium_price_minor early_bird_discount language subtitles format_3d format_imax accessibility status is_active sales_open_at sales_close_at version',
  stars: 'name',
  statistics_marks: 'only_one ticket_mark event_mark ticket_safe event_safe ticket_seen event_seen writers seen_at',
  webhook_events: 'provider event_id type payment_id received_at',
  // The demonstration's bank is another company that happens to live next door: it is never told who pays.
  'mock_provider.intents':
    'idempotency_key payment_id amount_minor currency status failure_code card_token captured_minor refunded_minor client_secret settles_at',
  'mock_provider.journal': 'idempotency_key intent_id kind amount_minor currency',
  'mock_provider.refunds': 'idempotency_key intent_id amount_minor',
  'mock_provider.webhooks': 'event_id intent_id body due_at sent_at attempts',
}
