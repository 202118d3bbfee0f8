/** PostgreSQL channel; the payload names a key, one of its channels and for how many ms from now the key is locked out there. */
export const GUESS_LOCKS_CHANGED = 'guess_locks';

/** How long a key is locked out at a channel; 0 when a lock was lifted. A stretch and not an instant: clocks differ. */
export interface GuessLockChange {
  readonly keyId: string;
  readonly channelId: string;
  readonly remainingMs: number;
}

export function toPayload({ keyId, channelId, remainingMs }: GuessLockChange): string {
  return `${keyId}/${channelId}/${Math.ceil(remainingMs)}`;
}

/** What {@link toPayload} made this of. */
export function fromPayload(payload: string): GuessLockChange {
  const [keyId = '', channelId = '', remainingMs = ''] = payload.split('/');
  return { keyId, channelId, remainingMs: Number(remainingMs) };
}
