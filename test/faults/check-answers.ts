import type { Client } from 'pg';
import type { GivenAnswers, Given } from './given-answers.js';

interface StoredRow {
  readonly partnerId: string;
  readonly externalId: string;
  readonly id: string;
  readonly decision: Decision;
  readonly posted: Readonly<Record<string, string>>;
}

/** What a till acts on; the same for an answer and for the row behind it. */
type Decision = Readonly<Record<string, string | null>>;

/**
 * Every redemption that was answered is stored exactly once, as posted and with the answer that was given; every answer to
 * one post is the same; nothing is stored that nobody posted. Answers the differences.
 */
export async function checkAnswers(database: Client, given: GivenAnswers): Promise<string[]> {
  const rows = await storedRows(database);
  const stored = new Map<string, StoredRow[]>();
  for (const row of rows) {
    const key = `${row.partnerId}/${row.externalId}`;
    stored.set(key, [...(stored.get(key) ?? []), row]);
  }
  const strangers = rows
    .filter((row) => !given.redemptions.get(row.partnerId, row.externalId))
    .map((row) => `${row.externalId} is stored and nobody posted it`);
  const differences = given.redemptions.all().flatMap((one) => {
    const found = stored.get(`${one.partnerId}/${one.item.externalId}`) ?? [];
    if (found.length > 1) return [`${one.item.externalId} is stored ${found.length} times`];
    return compare(one, found[0]);
  });
  return [...strangers, ...differences, ...(await checkReversals(database, given))];
}

function compare({ item, answers }: Given, row: StoredRow | undefined): string[] {
  const { externalId } = item;
  if (!row) return answers.length > 0 ? [`${externalId} was answered and is not stored`] : [];
  const decisions = new Set(answers.map((answer) => JSON.stringify(toDecision(answer))));
  if (decisions.size > 1)
    return [`${externalId} was answered in different ways: ${[...decisions].join(' ')}`];
  const stored = JSON.stringify({ id: row.id, ...row.decision });
  const answered = [...decisions][0] ?? stored;
  return [
    ...(answered === stored ? [] : [`${externalId} was answered ${answered} and is stored as ${stored}`]),
    ...differsFromPost(item, row),
  ];
}

function toDecision(answer: Readonly<Record<string, unknown>>): Decision {
  const { id, status, reason, discount, offerId, campaignId, honouredOverLimit } = answer;
  return {
    id: String(id),
    status: String(status),
    reason: reason === undefined ? null : String(reason),
    discount: discount === null ? null : (discount as { amount: string }).amount,
    offerId: offerId as string | null,
    campaignId: campaignId as string | null,
    honouredOverLimit: String(honouredOverLimit ?? false),
  };
}

function differsFromPost(item: Given['item'], { externalId, posted }: StoredRow): string[] {
  const receipt = item['receipt'] as { number: string; subtotal: { amount: string } };
  const expected = {
    code: String(item['code']),
    channelId: String(item['channelId']),
    receiptNumber: receipt.number,
    subtotal: receipt.subtotal.amount,
    occurredAt: new Date(String(item['occurredAt'])).toISOString(),
  };
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(posted)];
  return wanted === found ? [] : [`${externalId} was posted as ${wanted} and is stored as ${found}`];
}

async function storedRows(database: Client): Promise<StoredRow[]> {
  const { rows } = await database.query<Record<string, string | null>>(
    `select r.redeemer_partner_id, r.external_id, r.id, r.status, r.reason, r.offer_id, r.campaign_id,
            (case when r.status = 'accepted' then (r.discount / 100.0)::numeric(18, 2) end)::text as discount,
            r.honoured_over_limit::text as honoured, r.typed_code, r.channel_id, r.receipt_number,
            (r.subtotal / 100.0)::numeric(18, 2)::text as subtotal,
            (extract(epoch from r.occurred_at) * 1000)::bigint::text as occurred_at
       from redemptions r`,
  );
  return rows.map((row) => ({
    partnerId: String(row['redeemer_partner_id']),
    externalId: String(row['external_id']),
    id: String(row['id']),
    decision: {
      status: row['status'] ?? null,
      reason: row['reason'] ?? null,
      discount: row['discount'] ?? null,
      offerId: row['offer_id'] ?? null,
      campaignId: row['campaign_id'] ?? null,
      honouredOverLimit: row['honoured'] ?? null,
    },
    posted: {
      code: String(row['typed_code']),
      channelId: String(row['channel_id']),
      receiptNumber: String(row['receipt_number']),
      subtotal: String(row['subtotal']),
      occurredAt: new Date(Number(row['occurred_at'])).toISOString(),
    },
  }));
}

/** Every reversal that was answered is stored once, under the id that was given, and has reversed its redemption once. */
async function checkReversals(database: Client, given: GivenAnswers): Promise<string[]> {
  const { rows } = await database.query<{ key: string; id: string; applied: number; stored: number }>(
    `select v.redeemer_partner_id || '/' || v.external_id as key, min(v.id::text) as id,
            count(distinct v.id)::int as stored, count(a.reversal_id) filter (where a.completes)::int as applied
       from reversals v
       left join reversal_applications a
         on a.redeemer_partner_id = v.redeemer_partner_id and a.reversal_id = v.id
      group by 1`,
  );
  const stored = new Map(rows.map((row) => [row.key, row]));
  return given.reversals.answered().flatMap(({ partnerId, item, answers }) => {
    const row = stored.get(`${partnerId}/${item.externalId}`);
    if (!row) return [`the reversal ${item.externalId} was answered and is not stored`];
    const ids = new Set(answers.map((answer) => answer['id']));
    const isSame = ids.size === 1 && ids.has(row.id) && row.stored === 1;
    return [
      ...(isSame ? [] : [`the reversal ${item.externalId} is not stored as it was answered`]),
      ...(row.applied === 1 ? [] : [`the reversal ${item.externalId} was applied ${row.applied} times`]),
    ];
  });
}
