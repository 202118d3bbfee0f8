import { TandemError } from '../kernel/errors.js';
import type { Tx } from '../platform/database/tx.js';

export interface OfferKey {
  readonly redeemerPartnerId: string;
  readonly offerId: string;
}

export type WithUses<Key> = Key & { readonly uses: number };

/** What the counters of a table are kept for besides their offer. */
export interface CounterDetail<Key extends OfferKey> {
  readonly column: string;
  readonly type: 'date' | 'uuid';
  of(key: Key): string;
}

/** One of the tables of counters; they differ only in the detail, which the counters of whole offers do not have. */
export class CounterTable<Key extends OfferKey> {
  private readonly columns: readonly string[];
  private readonly unnested: string;
  private readonly sameCounter: string;

  constructor(
    private readonly table: string,
    private readonly detail?: CounterDetail<Key>,
  ) {
    this.columns = ['redeemer_partner_id', 'offer_id', ...(detail ? [detail.column] : [])];
    const types = ['uuid', 'uuid', ...(detail ? [detail.type] : [])];
    this.unnested = `unnest(${[...types, 'integer'].map((type, index) => `$${index + 1}::${type}[]`).join(', ')})
                     as k (${this.columns.join(', ')}, uses)`;
    this.sameCounter = this.columns.map((column) => `t.${column} = k.${column}`).join(' and ');
  }

  /** Locks the counters in sorted order until the transaction ends. */
  async lock(tx: Tx, keys: readonly Key[]): Promise<void> {
    // As for codes, the limit drops nothing and keeps the planner from reading a table that was small when it looked.
    await tx.prepared(
      `${this.table}_lock`,
      `select from (select * from ${this.unnested} limit cardinality($1::uuid[])) k
         join ${this.table} t on ${this.sameCounter}
        order by ${this.list('t')} for update of t`,
      this.arrays(keys.map((key) => ({ ...key, uses: 0 }))),
    );
  }

  /** Adds uses to counters, making those that do not exist, in sorted order. */
  async take(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    if (uses.length === 0) return;
    await tx.prepared(
      `${this.table}_take`,
      `insert into ${this.table} as t (${this.list()}, uses)
       select ${this.list('k')}, k.uses from ${this.unnested} order by ${this.list('k')}
           on conflict (${this.list()}) do update set uses = t.uses + excluded.uses`,
      this.arrays(uses),
    );
  }

  /** Takes uses off counters that have them. */
  async giveBack(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    if (uses.length === 0) return;
    const given = await tx.prepared(
      `${this.table}_give_back`,
      `update ${this.table} t set uses = t.uses - k.uses
         from ${this.unnested}
        where ${this.sameCounter} and t.uses >= k.uses
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
      uses.map((one) => one.uses),
    ];
  }

  private list(alias?: string): string {
    return this.columns.map((column) => (alias === undefined ? column : `${alias}.${column}`)).join(', ');
  }
}
