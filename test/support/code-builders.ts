import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../../src/kernel/ids.js';
import type { Tx } from '../../src/platform/database/tx.js';

/** Rows for the tests of codes and what stands on them, written straight into the tables. */

export function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

export async function buildPartner(tx: Tx, overrides: { name?: string } = {}): Promise<string> {
  const id = newId();
  await tx.execute(
    `insert into partners (id, name, country, currency, time_zone, customer_key)
     values ($1, $2, 'DE', 'EUR', 'Europe/Berlin', $3)`,
    [id, overrides.name ?? `Partner ${id}`, randomBytes(32)],
  );
  return id;
}

export async function buildChannel(tx: Tx, partnerId: string): Promise<string> {
  const id = newId();
  await tx.execute(`insert into channels (id, partner_id, kind, name) values ($1, $2, 'pos', 'Till')`, [
    id,
    partnerId,
  ]);
  return id;
}

export interface BuiltOffer {
  readonly id: string;
  readonly campaignId: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly placementId: string;
}
export interface OfferOverrides {
  readonly issuerPartnerId?: string;
  readonly redeemerPartnerId?: string;
  readonly campaignName?: string;
  /** Instant as text; the campaign is approved unless `approved` is false. */
  readonly redeemBefore?: string;
  readonly approved?: boolean;
  readonly timeZone?: string;
}

/** An offer with its campaign, participants, default placement and counter. */
export async function buildOffer(tx: Tx, overrides: OfferOverrides = {}): Promise<BuiltOffer> {
  const [id, campaignId, placementId] = [newId(), newId(), newId()];
  const issuerPartnerId = overrides.issuerPartnerId ?? (await buildPartner(tx));
  const redeemerPartnerId = overrides.redeemerPartnerId ?? (await buildPartner(tx));
  const approved = overrides.approved ?? true;
  await tx.execute(
    `insert into campaigns (id, name, kind, currency, time_zone, effective_version) values ($1, $2, 'tactical', 'EUR', $3, $4)`,
    [
      campaignId,
      overrides.campaignName ?? 'Spring',
      overrides.timeZone ?? 'Europe/Berlin',
      approved ? 1 : null,
    ],
  );
  await tx.execute(
    `insert into campaign_participants (campaign_id, partner_id, role)
     select $1, p, 'equal' from unnest($2::uuid[]) as p on conflict do nothing`,
    [campaignId, [...new Set([issuerPartnerId, redeemerPartnerId])]],
  );
  await tx.execute(
    `insert into campaign_terms (campaign_id, version, starts_on, ends_on, starts_at, redeem_before, income_basis,
       new_customer_lookback_days, returning_after_days, return_use, offline_mode, offline_max_delay_hours, approved_at)
     values ($1, 1, '2026-01-01', '2026-12-31', '2026-01-01', $2, 'revenue', 365, 0, 'always', 'accept', 72, $3)`,
    [campaignId, overrides.redeemBefore ?? '2199-01-01T00:00:00Z', approved ? '2026-01-01T00:00:00Z' : null],
  );
  await tx.execute(
    `insert into offers (id, campaign_id, issuer_partner_id, redeemer_partner_id, position) values ($1, $2, $3, $4, 1)`,
    [id, campaignId, issuerPartnerId, redeemerPartnerId],
  );
  await tx.execute(
    `insert into offer_terms (offer_id, version, reward) values ($1, 1, '{"kind":"percent","value":"10"}')`,
    [id],
  );
  await tx.execute(`insert into offer_counters (redeemer_partner_id, offer_id) values ($1, $2)`, [
    redeemerPartnerId,
    id,
  ]);
  await tx.execute(`insert into placements (id, offer_id, label) values ($1, $2, '')`, [placementId, id]);
  return { id, campaignId, issuerPartnerId, redeemerPartnerId, placementId };
}

export interface CodeOverrides {
  readonly id?: string;
  readonly maxRedemptions?: number | null;
  readonly revokedAt?: string | null;
  readonly live?: boolean;
}

/** A code word with this key. */
export async function buildCodeWord(
  tx: Tx,
  offer: BuiltOffer,
  key: string,
  overrides: CodeOverrides = {},
): Promise<string> {
  const id = overrides.id ?? newId();
  await tx.execute(
    `insert into codes (redeemer_partner_id, id, offer_id, kind, code_key, display, placement_id, max_redemptions, revoked_at, live)
     values ($1, $2, $3, 'code_word', $4, $4, $5, $6, $7, $8)`,
    [
      offer.redeemerPartnerId,
      id,
      offer.id,
      key,
      offer.placementId,
      overrides.maxRedemptions ?? null,
      overrides.revokedAt ?? null,
      overrides.live ?? true,
    ],
  );
  return id;
}

/** A finished batch of coupons K1, K2 … with the prefix given. */
export async function buildCoupons(
  tx: Tx,
  offer: BuiltOffer,
  count: number,
  prefix = 'K',
): Promise<{ batchId: string }> {
  const batchId = newId();
  await tx.execute(
    `insert into coupon_batches (id, redeemer_partner_id, offer_id, placement_id, quantity, generated, pattern, shape, status)
     values ($1, $2, $3, $4, $5, $5, $6, jsonb_build_object('key', $6 || '#'), 'done')`,
    [batchId, offer.redeemerPartnerId, offer.id, offer.placementId, count, `${prefix}#######`],
  );
  await tx.execute(
    `insert into codes (redeemer_partner_id, id, offer_id, kind, code_key, display, batch_id, placement_id, max_redemptions)
     select $1, gen_random_uuid(), $2, 'coupon', $3 || g, $3 || g, $4, $5, 1 from generate_series(1, $6::integer) g`,
    [offer.redeemerPartnerId, offer.id, prefix, batchId, offer.placementId, count],
  );
  return { batchId };
}
