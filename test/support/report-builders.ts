import { Clock } from '../../src/platform/clock/clock.js';
import type { Tx } from '../../src/platform/database/tx.js';

type Row = Record<string, string | number | boolean | Buffer | null | undefined>;

/** Ids of what `buildWorkedExample` inserted. */
export interface WorkedExample {
  readonly campaignId: string;
  readonly cafeId: string;
  readonly gymId: string;
  readonly deskId: string;
  readonly offerId: string;
  readonly flyerId: string;
  readonly anyId: string;
}

const clock = new Clock();

/**
 * The campaign worked out in the definitions of the metrics, 1-30 June 2025, as the worker would have added it up: a café
 * issues CAFE10 (10 %), a gym redeems it at its one till. All amounts in cents.
 *   1 June, flyer:      30 redemptions on 30 receipts, gross 1,500.00, discount 150.00, net 1,350.00
 *   2 June, elsewhere:  17 redemptions on 15 receipts, gross   750.00, discount  75.00, net   675.00
 *   40 receipts of 50.00 each on every day: 1,200 receipts, 60,000.00
 *   spent: flyers 180.00 by the café on 1 June, staff 45.00 by the gym on 2 June; planned: 60.00
 */
export async function buildWorkedExample(tx: Tx, ids: Partial<WorkedExample> = {}): Promise<WorkedExample> {
  const names = ['campaignId', 'cafeId', 'gymId', 'deskId', 'offerId', 'flyerId', 'anyId'] as const;
  const fresh = Object.fromEntries(names.map((name) => [name, clock.newId()])) as Record<
    (typeof names)[number],
    string
  >;
  const example: WorkedExample = { ...fresh, ...ids };
  if (!ids.cafeId) await buildPartner(tx, example.cafeId, 'Café');
  if (!ids.gymId) await buildPartner(tx, example.gymId, 'Gym');
  await insert(tx, 'channels', {
    ...{ id: example.deskId, partner_id: example.gymId, kind: 'pos', name: 'Desk', margin_rate: '0.2' },
  });
  await buildCampaign(tx, example);
  await buildCosts(tx, example);
  await buildRollups(tx, example);
  for (let day = 1; day <= 30; day += 1) {
    await insert(tx, 'channel_days', {
      ...{ redeemer_partner_id: example.gymId, channel_id: example.deskId, day: june(day) },
      ...{ total_receipts: 40, total_revenue: 2_000_00 },
    });
  }
  return example;
}

const june = (day: number): string => `2025-06-${String(day).padStart(2, '0')}`;

async function buildPartner(tx: Tx, id: string, name: string): Promise<void> {
  const place = { country: 'DE', currency: 'EUR', time_zone: 'Europe/Berlin' };
  await insert(tx, 'partners', { id, name, ...place, customer_key: Buffer.from('key') });
}

async function buildCampaign(
  tx: Tx,
  { campaignId, cafeId, gymId, offerId, flyerId, anyId }: WorkedExample,
): Promise<void> {
  await insert(tx, 'campaigns', {
    ...{
      id: campaignId,
      name: 'June',
      kind: 'tactical',
      currency: 'EUR',
      time_zone: 'Europe/Berlin',
      effective_version: 1,
    },
  });
  for (const partner_id of [cafeId, gymId]) {
    await insert(tx, 'campaign_participants', { campaign_id: campaignId, partner_id, role: 'equal' });
  }
  await insert(tx, 'campaign_terms', {
    ...{ campaign_id: campaignId, version: 1, starts_on: june(1), ends_on: june(30) },
    ...{
      starts_at: '2025-05-31T22:00:00Z',
      redeem_before: '2025-06-30T22:00:00Z',
      approved_at: '2025-05-01T00:00:00Z',
    },
    ...{ income_basis: 'revenue', new_customer_lookback_days: 365, returning_after_days: 0 },
    ...{ return_use: 'always', offline_mode: 'accept', offline_max_delay_hours: 72 },
  });
  await insert(tx, 'offers', {
    ...{
      id: offerId,
      campaign_id: campaignId,
      issuer_partner_id: cafeId,
      redeemer_partner_id: gymId,
      position: 1,
    },
  });
  const reward = JSON.stringify({ kind: 'percent', value: '10' });
  await insert(tx, 'offer_terms', { offer_id: offerId, version: 1, reward });
  await insert(tx, 'placements', { id: flyerId, offer_id: offerId, label: 'flyer at the counter' });
  await insert(tx, 'placements', { id: anyId, offer_id: offerId, label: '' });
}

async function buildCosts(tx: Tx, { campaignId, cafeId, gymId }: WorkedExample): Promise<void> {
  const keyId = clock.newId();
  await insert(tx, 'api_keys', {
    id: keyId,
    role: 'operator',
    label: 'test',
    secret_hash: Buffer.from('hash'),
  });
  const entries = [
    { payer_partner_id: cafeId, category: 'flyers', amount: 180_00, incurred_on: june(1), planned: false },
    { payer_partner_id: gymId, category: 'staff', amount: 45_00, incurred_on: june(2), planned: false },
    { payer_partner_id: cafeId, category: 'flyers', amount: 60_00, incurred_on: june(3), planned: true },
    {
      payer_partner_id: cafeId,
      category: 'flyers',
      amount: 99_00,
      incurred_on: '2025-07-01',
      planned: false,
    },
  ];
  for (const entry of entries) {
    const owner = { id: clock.newId(), campaign_id: campaignId, recorded_by_key_id: keyId };
    await insert(tx, 'cost_entries', { ...owner, ...entry });
  }
}

async function buildRollups(
  tx: Tx,
  { campaignId, gymId, deskId, offerId, flyerId, anyId }: WorkedExample,
): Promise<void> {
  const owner = { redeemer_partner_id: gymId, campaign_id: campaignId, channel_id: deskId };
  const cells = [
    {
      placement_id: flyerId,
      day: june(1),
      redemptions: 30,
      discount: 150_00,
      new_customers: 12,
      returning_customers: 12,
      unknown_customers: 6,
    },
    {
      placement_id: anyId,
      day: june(2),
      redemptions: 17,
      discount: 75_00,
      new_customers: 6,
      returning_customers: 8,
      unknown_customers: 3,
    },
    // What came back to nothing, and what lies after the period.
    { placement_id: anyId, day: june(5), redemptions: 0 },
    { placement_id: anyId, day: '2025-07-01', redemptions: 1, discount: 5_00 },
  ];
  for (const cell of cells) await insert(tx, 'campaign_daily', { ...owner, offer_id: offerId, ...cell });
  const receipts = [
    { placement: flyerId, day: june(1), promo_receipts: 30, revenue: 1_350_00 },
    { placement: anyId, day: june(2), promo_receipts: 15, revenue: 675_00 },
    { placement: anyId, day: '2025-07-01', promo_receipts: 1, revenue: 45_00 },
  ];
  for (const { placement, ...cell } of receipts) {
    const groups = Object.entries({ campaign: campaignId, offer: offerId, placement });
    for (const [grain, group_id] of groups) {
      await insert(tx, 'campaign_receipts_daily', { ...owner, grain, group_id, ...cell });
    }
  }
}

async function insert(tx: Tx, table: string, row: Row): Promise<void> {
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  const sql = `insert into ${table} (${Object.keys(row).join(', ')}) values (${places.join(', ')})`;
  await tx.execute(sql, Object.values(row));
}
