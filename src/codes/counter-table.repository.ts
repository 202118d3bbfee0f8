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

  /** The keys with what their counters hold; a counter that does not exist holds 0. */
  async read(tx: Tx, keys: readonly Key[]): Promise<WithUses<Key>[]> {
    const held = await this.held(tx, keys, 'read', '');
    return keys.map((key) => ({ ...key, uses: held.get(this.name(key)) ?? 0 }));
  }

  /** The same with the counters locked in sorted order until the transaction ends; makes those that do not exist. */
  async lock(tx: Tx, keys: readonly Key[]): Promise<WithUses<Key>[]> {
    const ending = `order by ${this.list('t')} for update of t`;
    let held = await this.held(tx, keys, 'lock', ending);
    if (held.size < keys.length) {
      await this.take(
        tx,
        keys.map((key) => ({ ...key, uses: 0 })),
      );
      held = await this.held(tx, keys, 'lock', ending);
    }
    return keys.map((key) => ({ ...key, uses: held.get(this.name(key)) ?? 0 }));
  }

  /** Adds to counters, making those that do not exist. Negative uses are given back and need a counter that has them. */
  async add(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    await this.take(
      tx,
      uses.filter((one) => one.uses >= 0),
    );
    await this.giveBack(
      tx,
      uses.filter((one) => one.uses < 0),
    );
  }

  private async held(
    tx: Tx,
    keys: readonly Key[],
    purpose: string,
    ending: string,
  ): Promise<Map<string, number>> {
    if (keys.length === 0) return new Map();
    // As for codes, the limit drops nothing and keeps the planner from reading a table that was small when it looked.
    const rows = await tx.prepared<{ offer: string; detail: string; uses: number }>(
      `${this.table}_${purpose}`,
      `select t.offer_id as offer, ${this.detail ? `t.${this.detail.column}` : `''`} as detail, t.uses
         from (select * from ${this.unnested} limit cardinality($1::uuid[])) k
         join ${this.table} t on ${this.sameCounter} ${ending}`,
      this.arrays(keys.map((key) => ({ ...key, uses: 0 }))),
    );
    return new Map(rows.map((row) => [`${row.offer}|${row.detail}`, row.uses]));
  }

  private async take(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    if (uses.length === 0) return;
    await tx.prepared(
      `${this.table}_take`,
      `insert into ${this.table} as t (${this.list()}, uses)
       select ${this.list('k')}, k.uses from ${this.unnested} order by ${this.list('k')}
           on conflict (${this.list()}) do update set uses = t.uses + excluded.uses`,
      this.arrays(uses),
    );
  }

  private async giveBack(tx: Tx, uses: readonly WithUses<Key>[]): Promise<void> {
    if (uses.length === 0) return;
    const given = await tx.prepared(
      `${this.table}_give_back`,
      `update ${this.table} t set uses = t.uses + k.uses
         from ${this.unnested}
        where ${this.sameCounter} and t.uses + k.uses >= 0
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

  private name(key: Key): string {
    return `${key.offerId}|${this.detail?.of(key) ?? ''}`;
  }

  private list(alias?: string): string {
    return this.columns.map((column) => (alias === undefined ? column : `${alias}.${column}`)).join(', ');
  }
}
