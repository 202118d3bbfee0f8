import pg from 'pg';

/** Rows in one statement: some hundred megabytes of WAL at a time. */
const CHUNK = 100_000;

/** What the past is made of: the code, campaign and till of the benchmark itself. */
interface Past {
  readonly partnerId: string;
  readonly channelId: string;
  readonly codeId: string;
  readonly offerId: string;
  readonly campaignId: string;
  readonly placementId: string;
}

/**
 * Adds accepted redemptions of the past up to `total`, with everything that attribution would have made of them: facts and
 * the daily rollups. Set-based, since a million through the front door would take longer than the benchmark.
 */
export async function fillTo(databaseUrl: string, from: number, total: number): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const past = await findPast(client);
    for (let start = from; start < total; start += CHUNK)
      await addChunk(client, past, start, Math.min(start + CHUNK, total));
    await client.query('vacuum (analyze) redemptions, redemption_facts');
  } finally {
    await client.end();
  }
}

async function findPast(client: pg.Client): Promise<Past> {
  const { rows } = await client.query<Past>(
    `select c.redeemer_partner_id as "partnerId", h.id as "channelId", c.id as "codeId", c.offer_id as "offerId",
            o.campaign_id as "campaignId", c.placement_id as "placementId"
       from codes c
       join offers o on o.id = c.offer_id
       join channels h on h.partner_id = c.redeemer_partner_id
      where c.kind = 'code_word'`,
  );
  if (!rows[0]) throw new Error('the programme has no code word');
  return rows[0];
}

async function addChunk(client: pg.Client, past: Past, start: number, end: number): Promise<void> {
  await client.query('begin');
  for (const statement of [REDEMPTIONS, FACTS, DAILY, CLERKS_DAILY, RECEIPTS_DAILY])
    await client.query(statement, [
      ...[past.partnerId, past.channelId, past.codeId, past.offerId, past.campaignId, past.placementId],
      ...[start, end],
    ]);
  await client.query('commit');
}

/** Ids that sort by time as ours do, one after the other. */
const ID = `(lpad(to_hex(1700000000000 + n), 12, '0') || '7000800000000000' || lpad(to_hex(n % 65536), 4, '0'))::uuid`;
/** Seven days, the oldest first in the table as in life. */
const DAY = `(current_date - 6 + (n * 7 / greatest($8::bigint, 1))::integer)`;
const OF_CHUNK = 'generate_series($7::bigint, $8::bigint - 1) as n';
// Every parameter has to be named somewhere: they are the same for all statements.
const GIVEN = `(select $1::uuid as partner_id, $2::uuid as channel_id, $3::uuid as code_id, $4::uuid as offer_id,
                       $5::uuid as campaign_id, $6::uuid as placement_id) g`;

const REDEMPTIONS = `
  insert into redemptions (redeemer_partner_id, id, external_id, fingerprint, status, typed_code, code_id, offer_id, campaign_id,
         placement_id, terms_version, channel_id, occurred_at, received_at, recorded_at, day, receipt_number, currency, subtotal,
         discount, computed_discount, offline)
  select g.partner_id, ${ID}, 'past-' || n, '\\x00', 'accepted', 'HOTTEST', g.code_id, g.offer_id, g.campaign_id, g.placement_id, 1,
         g.channel_id, ${DAY}, ${DAY}, ${DAY}, ${DAY}, 'past-' || n, 'EUR', 5000, 500, 500, false
    from ${OF_CHUNK}, ${GIVEN}`;
const FACTS = `
  insert into redemption_facts (redeemer_partner_id, redemption_id, campaign_id, offer_id, placement_id, channel_id, day, redemptions,
         coupon_redemptions, unknown_customers, refusals, discount, gift_cost, revenue)
  select g.partner_id, ${ID}, g.campaign_id, g.offer_id, g.placement_id, g.channel_id, ${DAY}, 1, 0, 1, 0, 500, 0, 4500
    from ${OF_CHUNK}, ${GIVEN} where g.code_id is not null`;
const GRAINS = `(values ('campaign', $5::uuid), ('issuer', (select o.issuer_partner_id from offers o where o.id = $4::uuid)),
                        ('offer', $4::uuid), ('placement', $6::uuid)) as grains (grain, group_id)`;
const DAILY = `
  insert into campaign_daily as t (redeemer_partner_id, campaign_id, offer_id, placement_id, channel_id, day, redemptions,
         unknown_customers, discount)
  select g.partner_id, g.campaign_id, g.offer_id, g.placement_id, g.channel_id, ${DAY}, count(*), count(*), 500 * count(*)
    from ${OF_CHUNK}, ${GIVEN} where g.code_id is not null
   group by 1, 2, 3, 4, 5, 6
      on conflict (redeemer_partner_id, campaign_id, offer_id, placement_id, channel_id, day)
         do update set redemptions = t.redemptions + excluded.redemptions, discount = t.discount + excluded.discount,
                       unknown_customers = t.unknown_customers + excluded.unknown_customers`;
const CLERKS_DAILY = `
  insert into campaign_clerks_daily as t (redeemer_partner_id, campaign_id, channel_id, clerk, day, redemptions, discount)
  select g.partner_id, g.campaign_id, g.channel_id, '', ${DAY}, count(*), 500 * count(*)
    from ${OF_CHUNK}, ${GIVEN} where g.code_id is not null
   group by 1, 2, 3, 4, 5
      on conflict (redeemer_partner_id, campaign_id, channel_id, clerk, day)
         do update set redemptions = t.redemptions + excluded.redemptions, discount = t.discount + excluded.discount`;
const RECEIPTS_DAILY = `
  insert into campaign_receipts_daily as t (redeemer_partner_id, campaign_id, grain, group_id, channel_id, day, promo_receipts, revenue)
  select g.partner_id, g.campaign_id, grains.grain, grains.group_id, g.channel_id, ${DAY}, count(*), 4500 * count(*)
    from ${OF_CHUNK}, ${GIVEN}, ${GRAINS} where g.code_id is not null
   group by 1, 2, 3, 4, 5, 6
      on conflict (redeemer_partner_id, campaign_id, grain, group_id, channel_id, day)
         do update set promo_receipts = t.promo_receipts + excluded.promo_receipts, revenue = t.revenue + excluded.revenue`;
