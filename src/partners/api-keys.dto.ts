import { z } from 'zod';
import { PARTNER_ROLES } from '../platform/auth/principal.js';
import type { Page } from '../platform/http/page.js';
import { instant, instantResponse, pageResponse, text, uuid } from '../platform/http/schemas.js';
import type { ApiKey } from './api-key.repository.js';
import type { IssuedApiKey } from './api-keys.service.js';

/** What the id of a key looks like, in a path and in a cursor. */
export const KEY_ID = /^[A-Za-z0-9]{4,40}$/;
export const keyIdText = () => z.string().regex(KEY_ID);

export const issueApiKeyRequest = z
  .strictObject({
    role: z.enum(PARTNER_ROLES),
    channelId: uuid().nullable().default(null).describe('Binds a pos key to one channel'),
    label: text(100),
    expiresAt: instant().nullable().default(null),
  })
  .meta({ id: 'IssueApiKey' });
export type IssueApiKeyRequest = z.infer<typeof issueApiKeyRequest>;

export const apiKeyResponse = z
  .object({
    id: z.string(),
    role: z.enum(PARTNER_ROLES),
    label: z.string(),
    channelId: z.uuid().nullable(),
    createdAt: instantResponse(),
    expiresAt: instantResponse().nullable(),
    revokedAt: instantResponse().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyResponse = z.infer<typeof apiKeyResponse>;

export const issuedApiKeyResponse = apiKeyResponse
  .extend({ key: z.string().describe('Shown once: keep it now, it cannot be read again') })
  .meta({ id: 'IssuedApiKey' });
export type IssuedApiKeyResponse = z.infer<typeof issuedApiKeyResponse>;

export const apiKeyPageResponse = pageResponse(apiKeyResponse).meta({ id: 'ApiKeyPage' });
export type ApiKeyPageResponse = z.infer<typeof apiKeyPageResponse>;

export function toApiKeyResponse(key: ApiKey): ApiKeyResponse {
  return {
    id: key.id,
    role: key.role,
    label: key.label,
    channelId: key.channelId,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}

export function toIssuedApiKeyResponse(issued: IssuedApiKey): IssuedApiKeyResponse {
  return { ...toApiKeyResponse(issued), key: issued.key };
}

export function toApiKeyPage(page: Page<ApiKey>): ApiKeyPageResponse {
  return { items: page.items.map(toApiKeyResponse), nextCursor: page.nextCursor };
}
