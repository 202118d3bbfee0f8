import type { Tx } from '../platform/database/tx.js';

/** From so many facts on a plan made for them costs less than what it saves: it takes some milliseconds. */
const MANY_FACTS = 200;

/**
 * Tells the planner, until the transaction ends, what it cannot know: the facts named are looked up one by one through indexes,
 * and nearly all of them lie in memory. Left alone it prices them as random reads of a disk and reads whole tables instead
 * (2,000 references among 200,000 redemptions: half a second instead of a tenth), or all rows of the partner once and compares each
 * with each (2,000 with as many: a second).
 *
 * The statements do their part: a look-up is a lateral subquery with \`offset 0\`, which is never turned into a join, so that it
 * uses the whole key.
 */
export async function preferIndexes(tx: Tx): Promise<void> {
  await tx.prepared(
    'attribution_settings',
    `select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true),
            set_config('plan_cache_mode', 'force_generic_plan', true)`,
    [],
  );
}

/**
 * Has the statements that follow planned for this very job when it is a large one. A plan that is kept was made when the tables
 * were smaller: one made for an empty table looked through all contributions of the partner for each of 2,000 facts and took
 * ten seconds instead of a tenth. For few facts that does not matter, and the kept plan saves making one.
 */
export async function planFor(tx: Tx, facts: number): Promise<void> {
  if (facts < MANY_FACTS) return;
  await tx.prepared(
    'attribution_plan_anew',
    `select set_config('plan_cache_mode', 'force_custom_plan', true)`,
    [],
  );
}
