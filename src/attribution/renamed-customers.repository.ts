import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { CAMPAIGN_CUSTOMERS } from './campaign-customers.repository.js';
import { type Contribution, list, moveRollup } from './contribution.sql.js';
import { PAIR_CUSTOMERS } from './pair-customers.repository.js';

/** An id of a customer at a redeemer and the one that takes its place. */
export interface RenamedCustomer {
  readonly oldId: string;
  readonly newId: string;
}

/** The contributions that are kept by customer, with the rollups they are a part of. */
const BY_CUSTOMER: readonly { readonly contribution: Contribution; readonly rollup: string }[] = [
  { contribution: CAMPAIGN_CUSTOMERS, rollup: 'campaign_daily' },
  { contribution: PAIR_CUSTOMERS, rollup: 'campaign_pairs_daily' },
];

/** Takes back what the old id contributes where the new one is counted too. */
function withdrawDoubled({ table, key, cell, figures }: Contribution, rollup: string): string {
  const others = key.filter((column) => column !== 'redeemer_partner_id' && column !== 'customer_id');
  const minus = figures.map((figure) => `-${figure} as ${figure}`).join(', ');
  return `
    with doubled as (
      delete from ${table} as old
       using ${table} as kept
       where old.redeemer_partner_id = $1 and old.customer_id = $2
         and kept.redeemer_partner_id = $1 and kept.customer_id = $3
         and ${others.map((column) => `kept.${column} = old.${column}`).join(' and ')}
      returning old.*
    ),
    days as (
      ${moveRollup(
        rollup,
        ['redeemer_partner_id', ...cell],
        figures,
        `(select redeemer_partner_id, ${list(cell)}, ${minus} from doubled)`,
      )}
    )
    select count(*) from days`;
}

/** Contributions of customers whose id changes. */
@Injectable()
export class RenamedCustomersRepository {
  /** The new id contributes from now on what the old one did; where both did, the rollups count one of them no longer. */
  async rename(tx: Tx, redeemerId: string, { oldId, newId }: RenamedCustomer): Promise<void> {
    for (const { contribution, rollup } of BY_CUSTOMER) {
      await tx.rows(withdrawDoubled(contribution, rollup), [redeemerId, oldId, newId]);
      await tx.execute(
        `update ${contribution.table} c set customer_id = $3 where c.redeemer_partner_id = $1 and c.customer_id = $2`,
        [redeemerId, oldId, newId],
      );
    }
  }
}
