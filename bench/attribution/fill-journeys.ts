import pg from 'pg';
import { fillTo } from '../scale/fill.js';

/** Placements of the offer besides that of its code word. */
const PLACEMENTS = 20;
/** Of ten customers with touches, one redeems nothing. */
const CONVERTING_OF_TEN = 9;
/** Rows of touches in one statement. */
const CHUNK = 100_000;

/**
 * Stores so many journeys of five touches in the only campaign there is: four at placements that differ from customer to customer, the
 * last at that of the code word. Set-based, as in {@link fillTo}, which stores the redemptions.
 */
export async function fillJourneys(databaseUrl: string, journeys: number): Promise<void> {
  const redemptions = Math.floor((journeys * CONVERTING_OF_TEN) / 10);
  await fillTo(databaseUrl, 0, redemptions);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(ADD_PLACEMENTS, [PLACEMENTS]);
    await client.query(NAME_CUSTOMERS);
    for (let start = 0; start < journeys; start += CHUNK)
      await client.query(ADD_TOUCHES, [start, Math.min(start + CHUNK, journeys)]);
    await client.query('vacuum (analyze) redemptions, redemption_facts, touches');
  } finally {
    await client.end();
  }
}

const CUSTOMER = (n: string): string => `md5('customer ' || ${n})::uuid`;

const ADD_PLACEMENTS = `
  insert into placements (id, offer_id, label)
  select gen_random_uuid(), c.offer_id, 'placement ' || n
    from codes as c, generate_series(1, $1::integer) as n
   where c.kind = 'code_word'`;

const NAME_CUSTOMERS = `
  update redemptions set match_id = ${CUSTOMER(`substr(external_id, length('past-') + 1)`)}
   where external_id like 'past-%'`;

// A week of redemptions lies before today, and the touches in the days before that; those of customers without one likewise.
const ADD_TOUCHES = `
  with word as (
    select c.redeemer_partner_id, o.campaign_id, c.offer_id, c.placement_id, o.issuer_partner_id,
           array(select p.id from placements as p where p.offer_id = c.offer_id and p.id <> c.placement_id order by p.label) as others
      from codes as c
      join offers as o on o.id = c.offer_id
     where c.kind = 'code_word'
  )
  insert into touches (redeemer_partner_id, campaign_id, id, offer_id, placement_id, poster_partner_id, external_id, fingerprint, kind,
                       match_id, occurred_at)
  select word.redeemer_partner_id, word.campaign_id, gen_random_uuid(), word.offer_id,
         case when k = 0 then word.placement_id
              else word.others[1 + abs(hashint8(n * 5 + k)) % cardinality(word.others)] end,
         word.issuer_partner_id, 'touch-' || n || '-' || k, '\\x00', 'exposure', ${CUSTOMER('n')},
         current_date - interval '7 days' - k * interval '31 hours'
    from word, generate_series($1::bigint, $2::bigint - 1) as n, generate_series(0, 4) as k`;
