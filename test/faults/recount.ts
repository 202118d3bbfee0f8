import type { Client } from 'pg';
import type { Fact, Programme, RedemptionFact, ReversalFact } from '../support/attribution-builders.js';
import { type Cells, naiveRollups, type Rollups, withoutZeros } from '../support/naive-rollups.js';

/** Facts that are counted at once: the naive count compares each with every other. */
const CHUNK = 400;

/** The rollups of a campaign as its stored facts say, counted naively and without the product's code. */
export async function recount(database: Client, campaignId: string): Promise<Rollups> {
  const programme = await readProgramme(database, campaignId);
  const days: Cells = {};
  const receiptDays: Cells = {};
  const pairDays: Cells = {};
  for (const facts of chunks(await readFacts(database, campaignId))) {
    const counted = naiveRollups(programme, facts);
    addAll(days, counted.days);
    addAll(receiptDays, counted.receiptDays);
    addAll(pairDays, counted.pairDays);
  }
  return { days, receiptDays, pairDays };
}

const DAY_FIGURES = [
  ...['redemptions', 'coupon_redemptions', 'unknown_customers', 'refusals', 'discount', 'gift_cost'],
  ...['new_customers', 'returning_customers', 'returning_after_absence', 'claimed_new', 'claimed_returning'],
  ...['leakage', 'offline_leakage', 'unconverted', 'unconverted_leakage'],
];
const RECEIPT_FIGURES = [
  'promo_receipts',
  'revenue',
  'costed_revenue',
  'cost_of_goods',
  'unconverted_receipts',
];

/** The rollups of a campaign as they are stored. */
export async function storedRollups(database: Client, campaignId: string): Promise<Rollups> {
  const read = async (table: string, cell: string, figures: readonly string[]): Promise<Cells> => {
    const { rows } = await database.query<Record<string, string>>(
      `select concat_ws(' ', ${cell}) as cell, ${figures.map((name) => `${name}::text`).join(', ')}
         from ${table} where campaign_id = $1`,
      [campaignId],
    );
    const cells = rows.map((row) => [
      row['cell'],
      Object.fromEntries(figures.map((name) => [camelCase(name), BigInt(row[name] ?? 0)])),
    ]);
    return withoutZeros(Object.fromEntries(cells) as Cells);
  };
  const where = 'redeemer_partner_id, campaign_id';
  return {
    days: await read('campaign_daily', `${where}, offer_id, placement_id, channel_id, day`, DAY_FIGURES),
    receiptDays: await read(
      'campaign_receipts_daily',
      `${where}, grain, group_id, channel_id, day`,
      RECEIPT_FIGURES,
    ),
    pairDays: await read('campaign_pairs_daily', `${where}, issuer_partner_id, day`, ['customers']),
  };
}

async function readProgramme(database: Client, campaignId: string): Promise<Programme> {
  const codes = await database.query(
    `select c.redeemer_partner_id as "redeemerPartnerId", o.campaign_id as "campaignId", c.offer_id as "offerId",
            c.placement_id as "placementId", c.id as "codeId", c.kind
       from codes c join offers o on o.id = c.offer_id where o.campaign_id = $1 and c.kind = 'coupon'`,
    [campaignId],
  );
  const terms = await database.query(
    `select t.campaign_id as "campaignId", t.version, t.new_customer_lookback_days as "newCustomerLookbackDays",
            t.returning_after_days as "returningAfterDays"
       from campaign_terms t where t.campaign_id = $1`,
    [campaignId],
  );
  const offers = await database.query<{ id: string; issuerId: string }>(
    'select o.id, o.issuer_partner_id as "issuerId" from offers o where o.campaign_id = $1',
    [campaignId],
  );
  const redeemers = [{ id: '', channelIds: [], codes: codes.rows }];
  const issuers = new Map(offers.rows.map(({ id, issuerId }) => [id, issuerId]));
  return { redeemers, campaignIds: [campaignId], terms: terms.rows, issuers };
}

async function readFacts(database: Client, campaignId: string): Promise<Fact[]> {
  const redemptions = await database.query<RedemptionFact>(
    `select r.redeemer_partner_id as "redeemerPartnerId", r.id, r.status, r.reason, r.code_id as "codeId",
            r.offer_id as "offerId", r.campaign_id as "campaignId", r.placement_id as "placementId",
            r.terms_version as "termsVersion", r.channel_id as "channelId", r.customer_id as "customerId",
            r.customer_status as "customerStatus", r.occurred_at as "occurredAt", r.day::text as day,
            r.receipt_number as "receiptNumber", r.currency, r.subtotal, r.discount, r.cost_of_goods as "costOfGoods",
            r.gift_cost as "giftCost", r.offline, r.leaked_discount as "leakedDiscount",
            r.clerk
       from redemptions r where r.campaign_id = $1`,
    [campaignId],
  );
  const reversals = await database.query<ReversalFact>(
    `select a.redeemer_partner_id as "redeemerPartnerId", a.redemption_id as "redemptionId",
            a.reversal_id as "reversalId", a.net_amount as "netAmount", a.discount_amount as "discountAmount", a.completes
       from reversal_applications a
       join redemptions r on r.redeemer_partner_id = a.redeemer_partner_id and r.id = a.redemption_id
      where r.campaign_id = $1`,
    [campaignId],
  );
  return [
    ...redemptions.rows.map((row): Fact => {
      const amounts = {
        subtotal: BigInt(row.subtotal),
        discount: BigInt(row.discount),
        giftCost: BigInt(row.giftCost),
        costOfGoods: row.costOfGoods === null ? null : BigInt(row.costOfGoods),
        leakedDiscount: BigInt(row.leakedDiscount),
      };
      return { kind: 'redemption', fact: { ...row, ...amounts } };
    }),
    ...reversals.rows.map((row): Fact => {
      const amounts = { netAmount: BigInt(row.netAmount), discountAmount: BigInt(row.discountAmount) };
      return { kind: 'reversal', fact: { ...row, ...amounts } };
    }),
  ];
}

/** Facts that can touch each other share a customer or a receipt, and a receipt has one customer: so they stay together. */
function chunks(facts: readonly Fact[]): Fact[][] {
  const groups = new Map<string, Fact[]>();
  const groupOf = new Map<string, string>();
  for (const one of facts) {
    if (one.kind !== 'redemption') continue;
    const { redeemerPartnerId, channelId, receiptNumber, customerId, id } = one.fact;
    const group = `${redeemerPartnerId} ${customerId ?? `${channelId} ${receiptNumber}`}`;
    groupOf.set(id, group);
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  for (const one of facts) {
    if (one.kind === 'reversal') groups.get(groupOf.get(one.fact.redemptionId) ?? '')?.push(one);
  }
  const packed: Fact[][] = [[]];
  for (const group of groups.values()) {
    if ((packed.at(-1)?.length ?? 0) + group.length > CHUNK) packed.push([]);
    packed.at(-1)?.push(...group);
  }
  return packed;
}

function addAll(sums: Cells, cells: Cells): void {
  for (const [cell, figures] of Object.entries(cells)) {
    const held = (sums[cell] ??= {});
    for (const [name, value] of Object.entries(figures)) held[name] = (held[name] ?? 0n) + value;
  }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
