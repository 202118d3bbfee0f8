import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import { instantResponse, pageResponse } from '../platform/http/schemas.js';
import type { GuessLock } from './guess-lock.repository.js';

/** Documents the answer of a route at which a key may be locked out. */
export const ApiLockedOut = () =>
  ApiTooManyRequestsResponse({
    description:
      'guesses.too-many: this key entered too many wrong codes at this channel. Nothing was looked up or stored, whatever the code; post again after Retry-After. Not for offline: true',
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });

export const guessLockResponse = z
  .object({
    id: z.uuid(),
    keyId: z.string(),
    channelId: z.uuid(),
    lockedUntil: instantResponse(),
    locksInRow: z
      .int()
      .meta({ description: 'Without a quiet day between them: each is longer than the last' }),
    lastFailureAt: instantResponse(),
  })
  .meta({ id: 'GuessLock' });

export const guessLockPage = pageResponse(guessLockResponse).meta({ id: 'GuessLockPage' });
export type GuessLockPage = z.output<typeof guessLockPage>;

export function toGuessLockPage({ items, nextCursor }: Page<GuessLock>): GuessLockPage {
  const shown = items.map((lock) => ({
    ...lock,
    lockedUntil: lock.lockedUntil.toISOString(),
    lastFailureAt: lock.lastFailureAt.toISOString(),
  }));
  return { items: shown, nextCursor };
}
