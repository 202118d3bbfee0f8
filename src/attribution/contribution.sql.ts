/**
 * A contribution is what one fact adds to a rollup as of now. It is kept, so that when the fact looks different later
 * the rollup can be given the difference instead of being counted again.
 */
export interface Contribution {
  readonly table: string;
  /** Primary key of the contribution table. */
  readonly key: readonly string[];
  readonly rollup: string;
  /** Primary key of the rollup; every column is in the contribution table too. */
  readonly cell: readonly string[];
  /** Columns of both tables that are added up. */
  readonly figures: readonly string[];
}

/**
 * One statement that replaces contributions and moves their rollup along. `tables` defines the common table expressions
 * `before` (the touched rows of the contribution table) and `fresh` (what they have to be from now on).
 *
 * All parts see the snapshot the statement began with, so `before` is what the rollup holds now. Subtracting all of
 * `before` and adding all of `fresh` per cell also serves a contribution that moved to another cell, came or went.
 * What did not change is not written: running it twice writes nothing the second time.
 *
 * `except` rather than joins of `before` and `fresh`: the planner expects one row of each, joins them in nested loops, and
 * 500 redemptions took 2.2 s instead of 0.1 s.
 */
export function replaceContributions(
  { table, key, rollup, cell, figures }: Contribution,
  tables: string,
): string {
  const columns = [...new Set([...key, ...cell, ...figures])];
  const values = columns.filter((column) => !key.includes(column));
  return `
    with ${tables},
    gone as (
      delete from ${table} as old
       using (select ${list(key)} from before except select ${list(key)} from fresh) as lost
       where ${key.map((column) => `old.${column} = lost.${column}`).join(' and ')}
    ),
    kept as (
      insert into ${table} (${list(columns)})
      select ${list(columns)} from fresh except select ${list(columns)} from before
      on conflict (${list(key)}) do update set ${values.map((column) => `${column} = excluded.${column}`).join(', ')}
    ),
    change as (
      select ${list(cell, 'part.')}, ${figures.map((figure) => `sum(part.${figure}) as ${figure}`).join(', ')}
        from (
          select ${list(cell, 'fresh.')}, ${list(figures, 'fresh.')} from fresh
          union all
          select ${list(cell, 'before.')}, ${list(figures, '-before.')} from before
        ) as part
       group by ${list(cell, 'part.')}
      having ${figures.map((figure) => `sum(part.${figure}) <> 0`).join(' or ')}
    )
    insert into ${rollup} as held (${list([...cell, ...figures])})
    select ${list([...cell, ...figures], 'change.')} from change
    on conflict (${list(cell)}) do update
       set ${figures.map((figure) => `${figure} = held.${figure} + excluded.${figure}`).join(', ')}`;
}

function list(columns: readonly string[], prefix = ''): string {
  return columns.map((column) => `${prefix}${column}`).join(', ');
}
