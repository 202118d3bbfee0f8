import { TandemError } from '../kernel/errors.js';
import type { Tx } from '../platform/database/tx.js';

export interface OfferKey {
  readonly redeemerPartnerId: string;
  readonly offerId: string;
}

/** `spent` is what the rewards of the uses cost, in minor units. */
export type WithUses<Key> = Key & { readonly uses: number; readonly spent: bigint };

/** What the counters of a table are kept for besides their offer. */
export interface CounterDetail<Key extends OfferKey> {
  readonly column: string;
  readonly type: 'date' | 'uuid';
  of(key: Key): string;
}

/** A number of a counter: in SQL its column and type, in code how it is read from what is to be counted. */
const AMOUNTS = [
  { column: 'uses', type: 'integer', of: (one: WithUses<unknown>) => one.uses },
  { column: 'spent', type: 'bigint', of: (one: WithUses<unknown>) => one.spent },
] as const;

/** One of the tables of counters. They differ in the detail, which the counters of whole offers do not have, and in what they count. */
export class CounterTable<Key extends OfferKey> {
  private readonly columns: readonly string[];
  private readonly amounts: readonly (typeof AMOUNTS)[number][];
  private readonly unnested: string;
  private readonly sameCounter: string;

  constructor(
    private readonly table: string,
    private readonly detail: CounterDetail<Key> | null,
    countsCost: boolean,
  ) {
    this.amounts = countsCost ? AMOUNTS : AMOUNTS.slice(0, 1);
    this.columns = ['redeemer_partner_id', 'offer_id', ...(detail ? [detail.column] : [])];
    const types = ['uuid', 'uuid', ...(detail ? [detail.type] : []), ...this.amounts.map(({ type }) => type)];
    this.unnested = `(
      select * from unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')})
       limit cardinality($1::uuid[])) as k (${[...this.columns, ...this.amounts.map(({ column }) => column)].join(', ')})`;
    this.sameCounter = this.columns.map((column) => `t.${column} = k.${column}`).join(' and ');
  }

  /** Locks the counters in sorted order until the transaction ends. */
  async lock(tx: Tx, keys: readonly WithUses<Key>[]): Promise<void> {
    await tx.prepared(
      `${this.table}_lock`,
      `select from ${this.unnested} join ${this.table} t on ${this.sameCounter}
        order by ${this.list('t')} for update of t`,
      this.arrays(keys),
    );
  }

  /** Adds uses to counters, making those that do not exist, in sorted order. */
  async take(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    if (uses.length === 0) return;
    const counted = this.amounts.map(({ column }) => column);
    await tx.prepared(
      `${this.table}_take`,
      `insert into ${this.table} as t (${this.list()}, ${counted.join(', ')})
       select ${this.list('k')}, ${counted.map((column) => `k.${column}`).join(', ')} from ${this.unnested}
        order by ${this.list('k')}
           on conflict (${this.list()})
              do update set ${counted.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ')}`,
      this.arrays(uses),
    );
  }

  /** Takes uses off counters that have them. */
  async giveBack(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    if (uses.length === 0) return;
    const counted = this.amounts.map(({ column }) => column);
    const given = await tx.prepared(
      `${this.table}_give_back`,
      `update ${this.table} t set ${counted.map((column) => `${column} = t.${column} - k.${column}`).join(', ')}
         from ${this.unnested}
        where ${this.sameCounter} and ${counted.map((column) => `t.${column} >= k.${column}`).join(' and ')}
    returning t.offer_id`,
      this.arrays(uses),
    );
    if (given.length === uses.length) return;
    throw new TandemError(
      'unexpected',
      'codes.counter-mismatch',
      `${uses.length} counters of ${this.table} were to give uses back and ${given.length} had them`,
    );
  }

  private arrays(uses: readonly WithUses<Key>[]): unknown[][] {
    const { detail } = this;
    return [
      uses.map((one) => one.redeemerPartnerId),
      uses.map((one) => one.offerId),
      ...(detail ? [uses.map((one) => detail.of(one))] : []),
      ...this.amounts.map(({ of }) => uses.map((one): unknown => of(one))),
    ];
  }

  private list(alias?: string): string {
    return this.columns.map((column) => (alias === undefined ? column : `${alias}.${column}`)).join(', ');
  }
}
