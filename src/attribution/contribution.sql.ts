/**
 * A contribution is what one fact adds to the rollups as of now. It is kept, so that when the fact looks different later the
 * rollups can be given the difference instead of being counted again.
 */
export interface Contribution {
  readonly table: string;
  /** Primary key of the contribution table. */
  readonly key: readonly string[];
  /** The other columns of the cell that the contribution belongs to. */
  readonly cell: readonly string[];
  readonly figures: readonly string[];
}

/** The columns that are not part of the key. */
function valuesOf({ key, cell, figures }: Contribution): string[] {
  return [...cell, ...figures].filter((column) => !key.includes(column));
}

/**
 * What a contribution was until now, for the select list of `fresh`: `held` says whether there is one, `held_<column>` what it
 * says. `alias` is the contribution table, joined from the left by its key.
 */
export function heldColumns(contribution: Contribution, alias: string): string {
  const values = valuesOf(contribution).map((column) => `${alias}.${column} as held_${column}`);
  return [`${alias}.redeemer_partner_id is not null as held`, ...values].join(', ');
}

/**
 * Common table expressions that write a contribution table. `fresh` is one that comes before: its rows have the columns of the
 * contribution as they have to be from now on, `counts` (false: there is to be none) and `heldColumns`. What did not change is
 * not written: running it twice writes nothing the second time.
 *
 * Three statements rather than one `on conflict`: most contributions are new, and a plain insert is the cheapest. A changed one
 * goes through `on conflict` after all, which finds its row by the key whatever the planner thinks of the table.
 */
export function writeContributions(contribution: Contribution): string {
  const { table, key } = contribution;
  const values = valuesOf(contribution);
  const columns = [...key, ...values];
  return `
    gone as (
      delete from ${table} as old
       using (select ${list(key)} from fresh where held and not counts) as lost
       where ${key.map((column) => `old.${column} = lost.${column}`).join(' and ')}
    ),
    come as (
      insert into ${table} (${list(columns)})
      select ${list(columns)} from fresh where counts and not held
    ),
    changed as (
      insert into ${table} (${list(columns)})
      select ${list(columns)} from fresh
       where counts and held and (${list(values)}) is distinct from (${list(values, 'held_')})
      on conflict (${list(key)}) do update set ${values.map((column) => `${column} = excluded.${column}`).join(', ')}
    )`;
}

/** Adds figures to a rollup, cell by cell; the rows of `source` have the columns of the cell and of the figures. */
export function moveRollup(
  rollup: string,
  cell: readonly string[],
  figures: readonly string[],
  source: string,
): string {
  return `
    insert into ${rollup} as held (${list([...cell, ...figures])})
    select ${list(cell, 'part.')}, ${figures.map((figure) => `sum(part.${figure})`).join(', ')}
      from ${source} as part
     group by ${list(cell, 'part.')}
    having ${figures.map((figure) => `sum(part.${figure}) <> 0`).join(' or ')}
    on conflict (${list(cell)}) do update
       set ${figures.map((figure) => `${figure} = held.${figure} + excluded.${figure}`).join(', ')}
    returning 1`;
}

export function list(columns: readonly string[], prefix = ''): string {
  return columns.map((column) => `${prefix}${column}`).join(', ');
}
