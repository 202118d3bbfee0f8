import { types } from 'node:util';
import { TandemError, unavailable } from '../../kernel/errors.js';

interface PostgresError extends Error {
  readonly code?: string;
  readonly constraint?: string;
}

/**
 * PostgreSQL codes that say "not now": connection lost, out of resources, shutting down, a time limit, an I/O error, a server
 * that has become a replica, deadlock, serialization.
 */
const TRANSIENT = /^(08|53|57P|57014|58030|25006|40001|40P01|55P03)/;
const SOCKET = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
  // Of a stopped container often not even the name is left.
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** A lost or overloaded database becomes a 503 with Retry-After; everything else passes through unchanged. */
export function translateDatabaseError(error: unknown): unknown {
  // Errors of Node's own are no instance of the Error that a test has.
  if (error instanceof TandemError || !types.isNativeError(error)) return error;
  const { code } = error as PostgresError;
  const transient = code !== undefined && (TRANSIENT.test(code) || SOCKET.has(code));
  // pg and its pool say these without a code.
  const lost = /Connection terminated|timeout exceeded when trying to connect|Client has encountered/.test(
    error.message,
  );
  if (!transient && !lost) return error;
  return Object.assign(unavailable('The database is not available at the moment.', 1), { cause: error });
}

/** True for the errors after which the same transaction may simply be run again. */
export function isRetryable(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  const code = (cause as PostgresError | undefined)?.code;
  return code === '40001' || code === '40P01';
}

/** True when a row was refused because another one has its key in this unique index. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, constraint } = error as PostgresError;
  return code === '23505' && constraint === index;
}
