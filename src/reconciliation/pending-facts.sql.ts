/** Ids of one kind of fact of the redeemer $1 that outbox rows of the topic $2 name. */
const named = (kind: string): string => `
  select distinct fact.id::uuid as id
    from outbox as o
   cross join lateral jsonb_array_elements_text(coalesce(o.payload -> '${kind}' -> $1::uuid::text, '[]')) as fact (id)
   where o.topic = $2 and (o.redeemer_partner_id = $1 or o.redeemer_partner_id is null)`;

const REDEMPTIONS = `
  insert into pending_redemptions
  select waiting.id from (${named('redemptions')}) as waiting
   union
  select r.id
    from (${named('reversals')}) as waiting
    join reversals as v on v.redeemer_partner_id = $1 and v.id = waiting.id
    join redemptions as r on r.redeemer_partner_id = $1 and r.external_id = v.redemption_external_id`;

const RECEIPTS = `
  insert into pending_receipts
  select r.channel_id, r.receipt_number
    from pending_redemptions as waiting
    join redemptions as r on r.redeemer_partner_id = $1 and r.id = waiting.id
   union
  select p.channel_id, p.number
    from (${named('receipts')}) as waiting
    join receipts as p on p.redeemer_partner_id = $1 and p.id = waiting.id`;

const CUSTOMERS = `
  insert into pending_customers
  select r.customer_id
    from pending_redemptions as waiting
    join redemptions as r on r.redeemer_partner_id = $1 and r.id = waiting.id
   where r.customer_id is not null
   union
  select p.customer_id
    from (${named('receipts')}) as waiting
    join receipts as p on p.redeemer_partner_id = $1 and p.id = waiting.id
   where p.customer_id is not null`;

/**
 * Finds what the facts of a redeemer that still stand in the outbox touch. Each with the parameters redeemer and topic.
 */
export const FIND_PENDING = [REDEMPTIONS, RECEIPTS, CUSTOMERS];
