/**
 * The condition that an accepted redemption, under the alias given, still counts: its reversals do not sum to its full
 * amount. A partial index answers it with one look-up; the offset keeps the planner from joining the whole table instead.
 */
export function isLive(alias: string): string {
  return `not exists (
    select from reversal_applications as undo
     where undo.redeemer_partner_id = ${alias}.redeemer_partner_id and undo.redemption_id = ${alias}.id and undo.completes
    offset 0
  )`;
}
