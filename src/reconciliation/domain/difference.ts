/** A row of a table that is not what the facts say. Values are the text of PostgreSQL, whole numbers or ids. */
export interface Difference {
  readonly relation: string;
  /** What tells the row from others of the redeemer. */
  readonly key: Readonly<Record<string, string | null>>;
  /** Null: there is no such row. */
  readonly stored: Row | null;
  /** Null: there should be no such row. */
  readonly expected: Row | null;
}

export type Row = Readonly<Record<string, string | null>>;
