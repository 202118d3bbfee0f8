create table api_keys (
  id text not null,
  partner_id uuid,
  role text not null,
  channel_id uuid,
  label text not null,
  secret_hash bytea not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint api_keys_check CHECK (((role = 'operator'::text) = (partner_id IS NULL))),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['operator'::text, 'admin'::text, 'marketer'::text, 'finance'::text, 'pos'::text]))),
  constraint api_keys_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint api_keys_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES partners(id),
  constraint api_keys_pkey PRIMARY KEY (id)
);
CREATE INDEX api_keys_partner ON public.api_keys USING btree (partner_id);

create table campaign_approvals (
  campaign_id uuid not null,
  version integer not null,
  partner_id uuid not null,
  api_key_id text not null,
  approved_at timestamp with time zone not null default now(),
  constraint campaign_approvals_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_keys(id),
  constraint campaign_approvals_campaign_id_partner_id_fkey FOREIGN KEY (campaign_id, partner_id) REFERENCES campaign_participants(campaign_id, partner_id),
  constraint campaign_approvals_campaign_id_version_fkey FOREIGN KEY (campaign_id, version) REFERENCES campaign_terms(campaign_id, version),
  constraint campaign_approvals_pkey PRIMARY KEY (campaign_id, version, partner_id)
);

create table campaign_clerks_daily (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  channel_id uuid not null,
  clerk text not null,
  day date not null,
  redemptions bigint not null default 0,
  refusals bigint not null default 0,
  discount numeric(38,0) not null default 0,
  leakage numeric(38,0) not null default 0,
  constraint campaign_clerks_daily_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, channel_id, clerk, day)
);

create table campaign_customers (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  customer_id uuid not null,
  offer_id uuid not null,
  placement_id uuid not null,
  channel_id uuid not null,
  day date not null,
  new_customers integer not null,
  returning_customers integer not null,
  returning_after_absence integer not null,
  claimed_new integer not null,
  claimed_returning integer not null,
  constraint campaign_customers_pkey PRIMARY KEY (redeemer_partner_id, customer_id, campaign_id)
);

create table campaign_daily (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  offer_id uuid not null,
  placement_id uuid not null,
  channel_id uuid not null,
  day date not null,
  redemptions bigint not null default 0,
  coupon_redemptions bigint not null default 0,
  unknown_customers bigint not null default 0,
  refusals bigint not null default 0,
  discount numeric(38,0) not null default 0,
  gift_cost numeric(38,0) not null default 0,
  new_customers bigint not null default 0,
  returning_customers bigint not null default 0,
  returning_after_absence bigint not null default 0,
  claimed_new bigint not null default 0,
  claimed_returning bigint not null default 0,
  leakage numeric(38,0) not null default 0,
  offline_leakage numeric(38,0) not null default 0,
  unconverted bigint not null default 0,
  unconverted_leakage bigint not null default 0,
  constraint campaign_daily_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, offer_id, placement_id, channel_id, day)
);
CREATE INDEX campaign_daily_campaign ON public.campaign_daily USING btree (campaign_id, day);

create table campaign_pairs_daily (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  issuer_partner_id uuid not null,
  day date not null,
  customers bigint not null default 0,
  constraint campaign_pairs_daily_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, issuer_partner_id, day)
);
CREATE INDEX campaign_pairs_daily_campaign ON public.campaign_pairs_daily USING btree (campaign_id, day);

create table campaign_participants (
  campaign_id uuid not null,
  partner_id uuid not null,
  role text not null,
  constraint campaign_participants_role_check CHECK ((role = ANY (ARRAY['locomotive'::text, 'wagon'::text, 'equal'::text]))),
  constraint campaign_participants_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_participants_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES partners(id),
  constraint campaign_participants_pkey PRIMARY KEY (campaign_id, partner_id)
);
CREATE INDEX campaign_participants_partner ON public.campaign_participants USING btree (partner_id);

create table campaign_pauses (
  campaign_id uuid not null,
  paused_at timestamp with time zone not null,
  resumed_at timestamp with time zone,
  constraint campaign_pauses_check CHECK ((resumed_at >= paused_at)),
  constraint campaign_pauses_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_pauses_pkey PRIMARY KEY (campaign_id, paused_at)
);
CREATE UNIQUE INDEX campaign_pauses_open ON public.campaign_pauses USING btree (campaign_id) WHERE (resumed_at IS NULL);

create table campaign_receipts_daily (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  grain text not null,
  group_id uuid not null,
  channel_id uuid not null,
  day date not null,
  promo_receipts bigint not null default 0,
  revenue numeric(38,0) not null default 0,
  costed_revenue numeric(38,0) not null default 0,
  cost_of_goods numeric(38,0) not null default 0,
  unconverted_receipts bigint not null default 0,
  constraint campaign_receipts_daily_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, grain, group_id, channel_id, day)
);
CREATE INDEX campaign_receipts_daily_campaign ON public.campaign_receipts_daily USING btree (campaign_id, grain, day);

create table campaign_terms (
  campaign_id uuid not null,
  version integer not null,
  starts_on date not null,
  ends_on date not null,
  redeem_until date,
  starts_at timestamp with time zone not null,
  redeem_before timestamp with time zone not null,
  income_basis text not null,
  new_customer_lookback_days integer not null,
  returning_after_days integer not null,
  return_use text not null,
  void_minutes integer,
  offline_mode text not null,
  offline_max_delay_hours integer not null,
  budget jsonb,
  targets jsonb,
  approved_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  offline_bearer text,
  attribution_lookback_days integer not null default 30,
  control_channels uuid[] not null default '{}'::uuid[],
  hold_out_share numeric(4,3),
  reciprocity_tolerance numeric(6,3),
  constraint campaign_terms_attribution_lookback_days_check CHECK ((attribution_lookback_days >= 0)),
  constraint campaign_terms_bearer_when_honouring CHECK (((offline_mode = 'honour'::text) = (offline_bearer IS NOT NULL))),
  constraint campaign_terms_check CHECK ((ends_on >= starts_on)),
  constraint campaign_terms_check1 CHECK ((redeem_until >= ends_on)),
  constraint campaign_terms_check2 CHECK (((return_use = 'void_only'::text) = (void_minutes IS NOT NULL))),
  constraint campaign_terms_hold_out_share_check CHECK (((hold_out_share > (0)::numeric) AND (hold_out_share <= 0.5))),
  constraint campaign_terms_income_basis_check CHECK ((income_basis = ANY (ARRAY['revenue'::text, 'margin'::text, 'incremental_profit'::text]))),
  constraint campaign_terms_offline_bearer_check CHECK ((offline_bearer = ANY (ARRAY['redeemer'::text, 'funders'::text]))),
  constraint campaign_terms_offline_mode_check CHECK ((offline_mode = ANY (ARRAY['refuse'::text, 'accept'::text, 'honour'::text]))),
  constraint campaign_terms_reciprocity_tolerance_check CHECK (((reciprocity_tolerance >= (0)::numeric) AND (reciprocity_tolerance <= (100)::numeric))),
  constraint campaign_terms_return_use_check CHECK ((return_use = ANY (ARRAY['always'::text, 'never'::text, 'void_only'::text]))),
  constraint campaign_terms_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_terms_pkey PRIMARY KEY (campaign_id, version)
);

create table campaigns (
  id uuid not null,
  name text not null,
  kind text not null,
  currency text not null,
  time_zone text not null,
  lead_partner_id uuid,
  latest_version integer not null default 1,
  effective_version integer,
  ended_at timestamp with time zone,
  revision integer not null default 1,
  created_at timestamp with time zone not null default now(),
  has_budget boolean not null default false,
  customer_key bytea not null default sha256((((gen_random_uuid())::text || (gen_random_uuid())::text))::bytea),
  constraint campaigns_customer_key_check CHECK ((length(customer_key) = 32)),
  constraint campaigns_kind_check CHECK ((kind = ANY (ARRAY['tactical'::text, 'strategic'::text, 'cultural'::text]))),
  constraint campaigns_lead_partner_id_fkey FOREIGN KEY (lead_partner_id) REFERENCES partners(id),
  constraint campaigns_pkey PRIMARY KEY (id)
);

create table channel_clocks (
  redeemer_partner_id uuid not null,
  channel_id uuid not null,
  skew_ms bigint not null,
  posts bigint not null,
  since timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint channel_clocks_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint channel_clocks_pkey PRIMARY KEY (redeemer_partner_id, channel_id)
);

create table channel_days (
  redeemer_partner_id uuid not null,
  channel_id uuid not null,
  day date not null,
  single_receipts integer not null default 0,
  single_revenue bigint not null default 0,
  single_costed_revenue bigint not null default 0,
  single_cost_of_goods bigint not null default 0,
  total_receipts integer,
  total_revenue bigint,
  total_profit bigint,
  constraint channel_days_check CHECK (((total_receipts IS NULL) = (total_revenue IS NULL))),
  constraint channel_days_total_receipts_check CHECK ((total_receipts >= 0)),
  constraint channel_days_total_revenue_check CHECK ((total_revenue >= 0)),
  constraint channel_days_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint channel_days_pkey PRIMARY KEY (redeemer_partner_id, channel_id, day)
);

create table channels (
  id uuid not null,
  partner_id uuid not null,
  kind text not null,
  name text not null,
  external_ref text,
  time_zone text,
  margin_rate numeric(7,6),
  created_at timestamp with time zone not null default now(),
  constraint channels_kind_check CHECK ((kind = ANY (ARRAY['pos'::text, 'online_shop'::text, 'app'::text, 'call_center'::text, 'messenger'::text, 'email'::text, 'sms'::text, 'social'::text, 'print'::text, 'event'::text]))),
  constraint channels_margin_rate_check CHECK (((margin_rate >= (0)::numeric) AND (margin_rate <= (1)::numeric))),
  constraint channels_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES partners(id),
  constraint channels_pkey PRIMARY KEY (id),
  constraint channels_partner_id_external_ref_key UNIQUE (partner_id, external_ref)
);

create table codes (
  redeemer_partner_id uuid not null,
  id uuid not null,
  offer_id uuid not null,
  kind text not null,
  code_key text not null,
  display text not null,
  batch_id uuid,
  placement_id uuid not null,
  max_redemptions integer,
  uses integer not null default 0,
  starts_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  live boolean not null default true,
  created_at timestamp with time zone not null default now(),
  constraint codes_check CHECK (((kind = 'coupon'::text) = (batch_id IS NOT NULL))),
  constraint codes_kind_check CHECK ((kind = ANY (ARRAY['coupon'::text, 'code_word'::text]))),
  constraint codes_max_redemptions_check CHECK ((max_redemptions > 0)),
  constraint codes_uses_check CHECK ((uses >= 0)),
  constraint codes_uses_within_maximum CHECK (((max_redemptions IS NULL) OR (uses <= max_redemptions))),
  constraint codes_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES coupon_batches(id),
  constraint codes_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id),
  constraint codes_placement_id_fkey FOREIGN KEY (placement_id) REFERENCES placements(id),
  constraint codes_pkey PRIMARY KEY (redeemer_partner_id, id)
);
CREATE INDEX codes_batch ON public.codes USING btree (batch_id, id) WHERE (batch_id IS NOT NULL);
CREATE INDEX codes_foreign_key ON public.codes USING btree (code_key, redeemer_partner_id) WHERE live;
CREATE INDEX codes_live_words ON public.codes USING btree (redeemer_partner_id, id) WHERE ((kind = 'code_word'::text) AND live);
CREATE INDEX codes_past_key ON public.codes USING btree (redeemer_partner_id, code_key) WHERE (NOT live);
CREATE INDEX codes_words ON public.codes USING btree (offer_id, id) WHERE (kind = 'code_word'::text);
CREATE UNIQUE INDEX codes_live_key ON public.codes USING btree (redeemer_partner_id, code_key) WHERE live;

create table cost_entries (
  id uuid not null,
  campaign_id uuid not null,
  payer_partner_id uuid not null,
  category text not null,
  amount bigint not null,
  incurred_on date not null,
  planned boolean not null,
  note text,
  recorded_by_key_id text not null,
  recorded_at timestamp with time zone not null default now(),
  currency text,
  constraint cost_entries_amount_check CHECK ((amount >= 0)),
  constraint cost_entries_campaign_id_payer_partner_id_fkey FOREIGN KEY (campaign_id, payer_partner_id) REFERENCES campaign_participants(campaign_id, partner_id),
  constraint cost_entries_recorded_by_key_id_fkey FOREIGN KEY (recorded_by_key_id) REFERENCES api_keys(id),
  constraint cost_entries_pkey PRIMARY KEY (id)
);
CREATE INDEX cost_entries_campaign ON public.cost_entries USING btree (campaign_id, incurred_on);

create table coupon_batches (
  id uuid not null,
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  placement_id uuid not null,
  quantity integer not null,
  generated integer not null default 0,
  pattern text not null,
  shape jsonb not null,
  status text not null default 'queued'::text,
  failure text,
  starts_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  is_pool boolean not null default false,
  handed_over_at timestamp with time zone,
  constraint coupon_batches_check CHECK (((generated >= 0) AND (generated <= quantity))),
  constraint coupon_batches_quantity_check CHECK ((quantity > 0)),
  constraint coupon_batches_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'generating'::text, 'done'::text, 'failed'::text]))),
  constraint coupon_batches_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id),
  constraint coupon_batches_placement_id_fkey FOREIGN KEY (placement_id) REFERENCES placements(id),
  constraint coupon_batches_pkey PRIMARY KEY (id)
);
CREATE INDEX coupon_batches_offer ON public.coupon_batches USING btree (offer_id);
CREATE INDEX coupon_batches_redeemer ON public.coupon_batches USING btree (redeemer_partner_id);
CREATE UNIQUE INDEX coupon_batches_pool ON public.coupon_batches USING btree (offer_id) WHERE is_pool;

create table customer_counters (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  customer_id uuid not null,
  uses integer not null default 0,
  constraint customer_counters_uses_check CHECK ((uses >= 0)),
  constraint customer_counters_pkey PRIMARY KEY (redeemer_partner_id, offer_id, customer_id)
);

create table customer_erasure_links (
  old_id uuid not null,
  new_id uuid not null,
  erasure_id uuid not null,
  campaign_id uuid,
  constraint customer_erasure_links_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint customer_erasure_links_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES customer_erasures(id),
  constraint customer_erasure_links_pkey PRIMARY KEY (old_id)
);
CREATE INDEX customer_erasure_links_erasure ON public.customer_erasure_links USING btree (erasure_id);

create table customer_erasures (
  id uuid not null,
  partner_id uuid not null,
  requested_by_key_id text not null,
  requested_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  redemptions bigint not null default 0,
  receipts bigint not null default 0,
  issuances bigint not null default 0,
  reservations bigint not null default 0,
  touches bigint not null default 0,
  constraint customer_erasures_issuances_check CHECK ((issuances >= 0)),
  constraint customer_erasures_receipts_check CHECK ((receipts >= 0)),
  constraint customer_erasures_redemptions_check CHECK ((redemptions >= 0)),
  constraint customer_erasures_reservations_check CHECK ((reservations >= 0)),
  constraint customer_erasures_touches_check CHECK ((touches >= 0)),
  constraint customer_erasures_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES partners(id),
  constraint customer_erasures_requested_by_key_id_fkey FOREIGN KEY (requested_by_key_id) REFERENCES api_keys(id),
  constraint customer_erasures_pkey PRIMARY KEY (id)
);
CREATE INDEX customer_erasures_partner ON public.customer_erasures USING btree (partner_id, id);

create table day_rates (
  base text not null,
  quote text not null,
  day date not null,
  rate numeric not null,
  is_inverse boolean not null,
  valid_from date not null,
  numerator numeric not null,
  denominator numeric not null,
  fixed_at timestamp with time zone not null default now(),
  constraint day_rates_check CHECK ((base <> quote)),
  constraint day_rates_check1 CHECK ((valid_from <= day)),
  constraint day_rates_denominator_check CHECK ((denominator > (0)::numeric)),
  constraint day_rates_numerator_check CHECK ((numerator > (0)::numeric)),
  constraint day_rates_pkey PRIMARY KEY (base, quote, day)
);

create table exchange_rates (
  base text not null,
  quote text not null,
  valid_from date not null,
  revision bigint not null,
  rate numeric not null,
  numerator numeric not null,
  denominator numeric not null,
  imported_by_key_id text not null,
  imported_at timestamp with time zone not null default now(),
  constraint exchange_rates_check CHECK ((base <> quote)),
  constraint exchange_rates_denominator_check CHECK ((denominator > (0)::numeric)),
  constraint exchange_rates_numerator_check CHECK ((numerator > (0)::numeric)),
  constraint exchange_rates_rate_check CHECK ((rate > (0)::numeric)),
  constraint exchange_rates_imported_by_key_id_fkey FOREIGN KEY (imported_by_key_id) REFERENCES api_keys(id),
  constraint exchange_rates_pkey PRIMARY KEY (base, quote, valid_from, revision)
);
CREATE UNIQUE INDEX exchange_rates_revision ON public.exchange_rates USING btree (revision);

create table guess_locks (
  redeemer_partner_id uuid not null,
  api_key_id text not null,
  channel_id uuid not null,
  id uuid not null,
  debt double precision not null default 0,
  measured_at timestamp with time zone not null default now(),
  locks_in_row integer not null default 0,
  locked_until timestamp with time zone,
  constraint guess_locks_debt_check CHECK ((debt >= (0)::double precision)),
  constraint guess_locks_locks_in_row_check CHECK ((locks_in_row >= 0)),
  constraint guess_locks_pkey PRIMARY KEY (redeemer_partner_id, api_key_id, channel_id),
  constraint guess_locks_id UNIQUE (redeemer_partner_id, id)
);
CREATE INDEX guess_locks_until ON public.guess_locks USING btree (locked_until) WHERE (locked_until IS NOT NULL);

create table hold_out_customers (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  match_id uuid not null,
  arm text not null,
  assigned_at timestamp with time zone not null default now(),
  constraint hold_out_customers_arm_check CHECK ((arm = ANY (ARRAY['treated'::text, 'held_out'::text]))),
  constraint hold_out_customers_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, match_id)
);

create table hold_out_links (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  customer_id uuid not null,
  match_id uuid not null,
  constraint hold_out_links_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, customer_id)
);
CREATE INDEX hold_out_links_match ON public.hold_out_links USING btree (redeemer_partner_id, campaign_id, match_id);

create table idempotency_keys (
  owner text not null,
  key text not null,
  route text not null,
  fingerprint bytea not null,
  status integer,
  headers jsonb,
  body json,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

create table issuance_counters (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  placement_id uuid not null,
  slot smallint not null,
  issued bigint not null,
  constraint issuance_counters_pkey PRIMARY KEY (redeemer_partner_id, offer_id, placement_id, slot)
);

create table issuances (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  issuer_partner_id uuid not null,
  channel_id uuid not null,
  placement_id uuid not null,
  terms_version integer not null,
  external_id text not null,
  fingerprint bytea not null,
  code_id uuid not null,
  expires_at timestamp with time zone not null,
  receipt_number text,
  receipt_total bigint,
  receipt_currency text,
  customer_id uuid,
  issued_at timestamp with time zone not null default now(),
  match_id uuid,
  constraint issuances_check CHECK ((num_nulls(receipt_number, receipt_total, receipt_currency) = ANY (ARRAY[0, 3]))),
  constraint issuances_receipt_total_check CHECK ((receipt_total >= 0)),
  constraint issuances_redeemer_partner_id_code_id_fkey FOREIGN KEY (redeemer_partner_id, code_id) REFERENCES codes(redeemer_partner_id, id),
  constraint issuances_pkey PRIMARY KEY (redeemer_partner_id, offer_id, id),
  constraint issuances_code UNIQUE (redeemer_partner_id, code_id),
  constraint issuances_external_id UNIQUE (redeemer_partner_id, offer_id, external_id),
  constraint issuances_receipt UNIQUE (redeemer_partner_id, offer_id, channel_id, receipt_number)
);
CREATE INDEX issuances_customer ON public.issuances USING btree (issuer_partner_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX issuances_match ON public.issuances USING btree (redeemer_partner_id, campaign_id, match_id) WHERE (match_id IS NOT NULL);

create table migrations (
  id integer not null default nextval('migrations_id_seq'::regclass),
  timestamp bigint not null,
  name character varying not null,
  constraint PK_8c82d7f526340ab734260ea46be PRIMARY KEY (id)
);

create table offer_channel_counters (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  channel_id uuid not null,
  uses integer not null default 0,
  spent bigint not null default 0,
  constraint offer_channel_counters_spent_check CHECK ((spent >= 0)),
  constraint offer_channel_counters_uses_check CHECK ((uses >= 0)),
  constraint offer_channel_counters_pkey PRIMARY KEY (redeemer_partner_id, offer_id, channel_id)
);

create table offer_counters (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  uses integer not null default 0,
  spent bigint not null default 0,
  constraint offer_counters_spent_check CHECK ((spent >= 0)),
  constraint offer_counters_uses_check CHECK ((uses >= 0)),
  constraint offer_counters_pkey PRIMARY KEY (redeemer_partner_id, offer_id)
);

create table offer_day_counters (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  day date not null,
  uses integer not null default 0,
  spent bigint not null default 0,
  constraint offer_day_counters_spent_check CHECK ((spent >= 0)),
  constraint offer_day_counters_uses_check CHECK ((uses >= 0)),
  constraint offer_day_counters_pkey PRIMARY KEY (redeemer_partner_id, offer_id, day)
);

create table offer_terms (
  offer_id uuid not null,
  version integer not null,
  reward jsonb not null,
  minimum_spend bigint,
  maximum_discount bigint,
  per_code_limit integer,
  per_customer_limit integer,
  total_limit integer,
  daily_limit integer,
  funding jsonb,
  issuance_minimum_receipt bigint,
  issuance_ceiling integer,
  issuance_valid_days integer,
  constraint offer_terms_daily_limit_check CHECK ((daily_limit > 0)),
  constraint offer_terms_issuance_ceiling_check CHECK ((issuance_ceiling > 0)),
  constraint offer_terms_issuance_minimum_receipt_check CHECK ((issuance_minimum_receipt > 0)),
  constraint offer_terms_issuance_valid_days_check CHECK ((issuance_valid_days >= 0)),
  constraint offer_terms_maximum_discount_check CHECK ((maximum_discount >= 0)),
  constraint offer_terms_minimum_spend_check CHECK ((minimum_spend >= 0)),
  constraint offer_terms_per_code_limit_check CHECK ((per_code_limit > 0)),
  constraint offer_terms_per_customer_limit_check CHECK ((per_customer_limit > 0)),
  constraint offer_terms_total_limit_check CHECK ((total_limit > 0)),
  constraint offer_terms_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id),
  constraint offer_terms_pkey PRIMARY KEY (offer_id, version)
);

create table offers (
  id uuid not null,
  campaign_id uuid not null,
  issuer_partner_id uuid not null,
  redeemer_partner_id uuid not null,
  position integer not null,
  created_at timestamp with time zone not null default now(),
  constraint offers_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint offers_campaign_id_issuer_partner_id_fkey FOREIGN KEY (campaign_id, issuer_partner_id) REFERENCES campaign_participants(campaign_id, partner_id),
  constraint offers_campaign_id_redeemer_partner_id_fkey FOREIGN KEY (campaign_id, redeemer_partner_id) REFERENCES campaign_participants(campaign_id, partner_id),
  constraint offers_pkey PRIMARY KEY (id),
  constraint offers_campaign_id_position_key UNIQUE (campaign_id, "position")
);

create table outbox (
  id uuid not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamp with time zone not null default now(),
  publish_after timestamp with time zone not null default (now() + '00:00:10'::interval),
  sweeps integer not null default 0,
  failure text,
  redeemer_partner_id uuid,
  facts integer not null default 1,
  attempts integer not null default 0,
  constraint outbox_facts_check CHECK ((facts > 0)),
  constraint outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_age ON public.outbox USING btree (created_at);
CREATE INDEX outbox_due ON public.outbox USING btree (publish_after) WHERE ((redeemer_partner_id IS NULL) OR (failure IS NOT NULL));
CREATE INDEX outbox_redeemer ON public.outbox USING btree (topic, redeemer_partner_id, id) WHERE ((redeemer_partner_id IS NOT NULL) AND (failure IS NULL));

create table pair_customers (
  redeemer_partner_id uuid not null,
  customer_id uuid not null,
  campaign_id uuid not null,
  issuer_partner_id uuid not null,
  day date not null,
  customers integer not null,
  constraint pair_customers_pkey PRIMARY KEY (redeemer_partner_id, customer_id, campaign_id, issuer_partner_id)
);

create table partners (
  id uuid not null,
  name text not null,
  country text not null,
  currency text not null,
  time_zone text not null,
  industry text,
  price_segment text,
  customer_key bytea not null,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  constraint partners_pkey PRIMARY KEY (id)
);

create table placement_links (
  id uuid not null,
  token text not null,
  placement_id uuid not null,
  offer_id uuid not null,
  campaign_id uuid not null,
  issuer_partner_id uuid not null,
  redeemer_partner_id uuid not null,
  target_url text not null,
  label text,
  created_by_key_id text not null,
  created_at timestamp with time zone not null default now(),
  constraint placement_links_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint placement_links_created_by_key_id_fkey FOREIGN KEY (created_by_key_id) REFERENCES api_keys(id),
  constraint placement_links_issuer_partner_id_fkey FOREIGN KEY (issuer_partner_id) REFERENCES partners(id),
  constraint placement_links_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id),
  constraint placement_links_placement_id_fkey FOREIGN KEY (placement_id) REFERENCES placements(id),
  constraint placement_links_redeemer_partner_id_fkey FOREIGN KEY (redeemer_partner_id) REFERENCES partners(id),
  constraint placement_links_pkey PRIMARY KEY (id),
  constraint placement_links_token_key UNIQUE (token)
);
CREATE INDEX placement_links_placement ON public.placement_links USING btree (placement_id, id);

create table placements (
  id uuid not null,
  offer_id uuid not null,
  channel_id uuid,
  label text not null,
  created_at timestamp with time zone not null default now(),
  constraint placements_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint placements_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id),
  constraint placements_pkey PRIMARY KEY (id),
  constraint placements_offer_id_channel_id_label_key UNIQUE NULLS NOT DISTINCT (offer_id, channel_id, label)
);

create table pool_coupons (
  redeemer_partner_id uuid not null,
  offer_id uuid not null,
  id uuid not null,
  batch_id uuid not null,
  code_key text not null,
  display text not null,
  is_low_mark boolean not null default false,
  constraint pool_coupons_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES coupon_batches(id),
  constraint pool_coupons_pkey PRIMARY KEY (redeemer_partner_id, offer_id, id)
);

create table receipts (
  redeemer_partner_id uuid not null,
  id uuid not null,
  external_id text not null,
  fingerprint bytea not null,
  channel_id uuid not null,
  number text not null,
  occurred_at timestamp with time zone not null,
  day date not null,
  total bigint not null,
  cost_of_goods bigint,
  customer_id uuid,
  recorded_at timestamp with time zone not null default now(),
  constraint receipts_cost_of_goods_check CHECK ((cost_of_goods >= 0)),
  constraint receipts_total_check CHECK ((total >= 0)),
  constraint receipts_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint receipts_pkey PRIMARY KEY (redeemer_partner_id, id),
  constraint receipts_redeemer_partner_id_external_id_key UNIQUE (redeemer_partner_id, external_id)
);
CREATE INDEX receipts_customer ON public.receipts USING btree (redeemer_partner_id, customer_id, occurred_at) WHERE (customer_id IS NOT NULL);
CREATE INDEX receipts_number ON public.receipts USING btree (redeemer_partner_id, channel_id, number);

create table redemption_facts (
  redeemer_partner_id uuid not null,
  redemption_id uuid not null,
  campaign_id uuid not null,
  offer_id uuid not null,
  placement_id uuid not null,
  channel_id uuid not null,
  day date not null,
  redemptions integer not null,
  coupon_redemptions integer not null,
  unknown_customers integer not null,
  refusals integer not null,
  discount bigint not null,
  gift_cost bigint not null,
  leakage bigint not null default 0,
  offline_leakage bigint not null default 0,
  revenue bigint not null default 0,
  costed_revenue bigint not null default 0,
  cost_of_goods bigint not null default 0,
  unconverted integer not null default 0,
  unconverted_leakage integer not null default 0,
  unconverted_receipts integer not null default 0,
  constraint redemption_facts_pkey PRIMARY KEY (redeemer_partner_id, redemption_id)
);
CREATE INDEX redemption_facts_unconverted ON public.redemption_facts USING btree (redeemer_partner_id, redemption_id) WHERE (((unconverted + unconverted_leakage) + unconverted_receipts) > 0);

create table redemptions (
  redeemer_partner_id uuid not null,
  id uuid not null,
  external_id text not null,
  fingerprint bytea not null,
  status text not null,
  reason text,
  typed_code text not null,
  code_id uuid,
  offer_id uuid,
  campaign_id uuid,
  placement_id uuid,
  terms_version integer,
  channel_id uuid not null,
  customer_id uuid,
  customer_status text,
  clerk text,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default now(),
  day date,
  receipt_number text not null,
  currency text not null,
  subtotal bigint not null,
  discount bigint not null,
  computed_discount bigint not null,
  cost_of_goods bigint,
  gift_cost bigint not null default 0,
  offline boolean not null,
  honoured_over_limit boolean not null default false,
  over_limit_bearer text,
  leaked_discount bigint not null default 0,
  reservation_id uuid,
  match_id uuid,
  click_id uuid,
  exchange_rate numeric,
  constraint redemptions_bearer_over_limit CHECK ((honoured_over_limit = (over_limit_bearer IS NOT NULL))),
  constraint redemptions_check CHECK (((status = 'refused'::text) = (reason IS NOT NULL))),
  constraint redemptions_check1 CHECK (((status = 'refused'::text) OR ((code_id IS NOT NULL) AND (terms_version IS NOT NULL) AND (day IS NOT NULL)))),
  constraint redemptions_check2 CHECK (((status = 'refused'::text) OR (discount <= subtotal))),
  constraint redemptions_computed_discount_check CHECK ((computed_discount >= 0)),
  constraint redemptions_cost_of_goods_check CHECK ((cost_of_goods >= 0)),
  constraint redemptions_customer_status_check CHECK ((customer_status = ANY (ARRAY['new'::text, 'returning'::text]))),
  constraint redemptions_discount_check CHECK ((discount >= 0)),
  constraint redemptions_exchange_rate_check CHECK ((exchange_rate >= (0)::numeric)),
  constraint redemptions_gift_cost_check CHECK ((gift_cost >= 0)),
  constraint redemptions_leak_when_refused CHECK (((status = 'refused'::text) OR (leaked_discount = 0))),
  constraint redemptions_leaked_discount_check CHECK ((leaked_discount >= 0)),
  constraint redemptions_over_limit_bearer_check CHECK ((over_limit_bearer = ANY (ARRAY['redeemer'::text, 'funders'::text]))),
  constraint redemptions_status_check CHECK ((status = ANY (ARRAY['accepted'::text, 'refused'::text]))),
  constraint redemptions_subtotal_check CHECK ((subtotal >= 0)),
  constraint redemptions_pkey PRIMARY KEY (redeemer_partner_id, id),
  constraint redemptions_external_id UNIQUE (redeemer_partner_id, external_id)
);
CREATE INDEX redemptions_campaign ON public.redemptions USING btree (campaign_id, redeemer_partner_id, id);
CREATE INDEX redemptions_customer ON public.redemptions USING btree (redeemer_partner_id, customer_id, occurred_at) WHERE ((status = 'accepted'::text) AND (customer_id IS NOT NULL));
CREATE INDEX redemptions_match ON public.redemptions USING btree (redeemer_partner_id, campaign_id, match_id) WHERE (match_id IS NOT NULL);
CREATE INDEX redemptions_receipt ON public.redemptions USING btree (redeemer_partner_id, channel_id, receipt_number) WHERE (status = 'accepted'::text);
CREATE INDEX redemptions_refused_customer ON public.redemptions USING btree (redeemer_partner_id, customer_id) WHERE ((status = 'refused'::text) AND (customer_id IS NOT NULL));

create table reservations (
  redeemer_partner_id uuid not null,
  id uuid not null,
  code_id uuid not null,
  offer_id uuid not null,
  campaign_id uuid not null,
  channel_id uuid not null,
  day date not null,
  customer_id uuid,
  cost bigint not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  released_at timestamp with time zone,
  redemption_id uuid,
  constraint reservations_check CHECK (((released_at IS NULL) OR (redemption_id IS NULL))),
  constraint reservations_cost_check CHECK ((cost >= 0)),
  constraint reservations_pkey PRIMARY KEY (redeemer_partner_id, id)
);
CREATE INDEX reservations_age ON public.reservations USING btree (expires_at);
CREATE INDEX reservations_customer ON public.reservations USING btree (redeemer_partner_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX reservations_live ON public.reservations USING btree (redeemer_partner_id, offer_id, expires_at) WHERE ((released_at IS NULL) AND (redemption_id IS NULL));

create table reversal_applications (
  redeemer_partner_id uuid not null,
  redemption_id uuid not null,
  reversal_id uuid not null,
  net_amount bigint not null,
  discount_amount bigint not null,
  completes boolean not null,
  use_returned boolean not null,
  applied_at timestamp with time zone not null default now(),
  net_remaining bigint not null default 0,
  cost_returned bigint not null default 0,
  constraint reversal_applications_complete_leaves_nothing CHECK (((NOT completes) OR (net_remaining = 0))),
  constraint reversal_applications_cost_returned_check CHECK ((cost_returned >= 0)),
  constraint reversal_applications_discount_amount_check CHECK ((discount_amount >= 0)),
  constraint reversal_applications_net_amount_check CHECK ((net_amount >= 0)),
  constraint reversal_applications_net_remaining_check CHECK ((net_remaining >= 0)),
  constraint reversal_applications_use_with_complete CHECK ((completes OR (NOT use_returned))),
  constraint reversal_applications_pkey PRIMARY KEY (redeemer_partner_id, redemption_id, reversal_id)
);
CREATE INDEX reversal_applications_reversal ON public.reversal_applications USING btree (redeemer_partner_id, reversal_id);
CREATE UNIQUE INDEX reversal_applications_complete ON public.reversal_applications USING btree (redeemer_partner_id, redemption_id) WHERE completes;
CREATE UNIQUE INDEX reversal_applications_start ON public.reversal_applications USING btree (redeemer_partner_id, redemption_id, ((net_remaining + net_amount))) WHERE (net_amount > 0);

create table reversals (
  redeemer_partner_id uuid not null,
  id uuid not null,
  external_id text not null,
  fingerprint bytea not null,
  redemption_external_id text not null,
  reason text not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default now(),
  amount bigint,
  currency text,
  constraint reversals_amount_check CHECK ((amount > 0)),
  constraint reversals_amount_has_currency CHECK (((amount IS NULL) = (currency IS NULL))),
  constraint reversals_pkey PRIMARY KEY (redeemer_partner_id, id),
  constraint reversals_external_id UNIQUE (redeemer_partner_id, external_id)
);
CREATE INDEX reversals_redemption ON public.reversals USING btree (redeemer_partner_id, redemption_external_id);

create table touches (
  redeemer_partner_id uuid not null,
  campaign_id uuid not null,
  id uuid not null,
  offer_id uuid not null,
  placement_id uuid not null,
  poster_partner_id uuid not null,
  external_id text,
  fingerprint bytea,
  link_id uuid,
  kind text not null,
  match_id uuid,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default now(),
  constraint touches_check CHECK (((external_id IS NULL) = (fingerprint IS NULL))),
  constraint touches_check1 CHECK (((external_id IS NULL) = (link_id IS NOT NULL))),
  constraint touches_kind_check CHECK ((kind = ANY (ARRAY['click'::text, 'visit'::text, 'exposure'::text]))),
  constraint touches_pkey PRIMARY KEY (redeemer_partner_id, campaign_id, id),
  constraint touches_external_id UNIQUE (redeemer_partner_id, poster_partner_id, external_id)
);
CREATE INDEX touches_match ON public.touches USING btree (redeemer_partner_id, campaign_id, match_id, occurred_at) WHERE (match_id IS NOT NULL);

CREATE OR REPLACE FUNCTION public.convert_minor(amount numeric, numerator numeric, denominator numeric)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (sign(amount) * (div(((((2)::numeric * abs(amount)) * numerator) + denominator), ((2)::numeric * denominator)) - (CASE WHEN ((mod(((((2)::numeric * abs(amount)) * numerator) + denominator), ((2)::numeric * denominator)) = (0)::numeric) AND (mod(div(((((2)::numeric * abs(amount)) * numerator) + denominator), ((2)::numeric * denominator)), (2)::numeric) = (1)::numeric)) THEN 1 ELSE 0 END)::numeric))
;
