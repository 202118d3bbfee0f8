import type { Client } from 'pg';

/** The public schema as text, in a fixed order: what the migrations really made, for people to read in a diff. */
export async function dumpSchema(client: Client): Promise<string> {
  const rows = async (sql: string): Promise<string[]> =>
    (await client.query<{ line: string }>(sql)).rows.map((row) => row.line);
  const tables = await rows(
    `select c.relname as line from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  const parts: string[] = [];
  for (const table of tables) {
    const id = `'public.${table}'::regclass`;
    const columns = await rows(
      `select '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || case when a.attnotnull then ' not null' else '' end
              || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = ${id} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    );
    const constraints = await rows(
      `select '  constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid) as line
         from pg_constraint c where c.conrelid = ${id} and c.contype <> 'n' order by c.contype, c.conname`,
    );
    const indexes = await rows(
      `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i
        where i.indrelid = ${id} and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
        order by 1`,
    );
    parts.push(
      [`create table ${table} (`, [...columns, ...constraints].join(',\n'), ');', ...indexes].join('\n'),
    );
  }
  const functions = await rows(
    `select pg_get_functiondef(p.oid) || ';' as line from pg_proc p
      where p.pronamespace = 'public'::regnamespace order by p.proname`,
  );
  parts.push(...functions);
  return `${parts.join('\n\n')}\n`;
}
