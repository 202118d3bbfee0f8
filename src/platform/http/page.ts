import { invalidRequest } from '../../kernel/errors.js';

export interface PageRequest {
  readonly limit: number;
  /** The id after which the page starts; ids are UUID v7, so a page follows the order of creation. */
  readonly after: string | null;
}
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the opaque cursor of a list request; `idShape` is for the few lists whose ids are not UUIDs. */
export function pageRequest(
  query: { limit: number; cursor?: string | undefined },
  idShape: RegExp = UUID,
): PageRequest {
  if (query.cursor === undefined) return { limit: query.limit, after: null };
  const after = Buffer.from(query.cursor, 'base64url').toString('latin1');
  if (!idShape.test(after))
    throw invalidRequest([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
  return { limit: query.limit, after };
}

/** Makes a page out of up to limit + 1 rows: the extra row only tells that there is more. */
export function toPage<Row extends { id: string }, T>(
  rows: readonly Row[],
  limit: number,
  map: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(map),
    nextCursor: more ? Buffer.from(last.id, 'latin1').toString('base64url') : null,
  };
}
