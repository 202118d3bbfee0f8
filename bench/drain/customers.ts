import type { BenchProgramme } from '../redeem/set-up-programme.js';

/** So many that some come back and most do not, as at a partner with a loyalty card. */
const CUSTOMERS = 50_000;

/** The same posts, every second one with a customer: attribution has to find out whether they are new. */
export function withCustomers(programme: BenchProgramme): BenchProgramme {
  return {
    posKey: programme.posKey,
    body: (id, turn = 0) => {
      const post = programme.body(id, turn);
      if (turn % 2 === 0) return post;
      const reference = `customer-${(turn * 7_919) % CUSTOMERS}`;
      return `${post.slice(0, -1)},"customer":{"reference":"${reference}"}}`;
    },
  };
}
