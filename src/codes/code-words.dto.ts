import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import { count, pageResponse, text } from '../platform/http/schemas.js';
import type { CodeWord } from './code-word.repository.js';
import { conditionsRequest, conditionsResponse, toConditionsResponse } from './codes.dto.js';

export const codeWordRequest = z
  .strictObject({
    word: text(200).meta({ examples: ['GYM10'] }),
    maxRedemptions: count().nullable().default(null).describe('Uses by all customers together'),
    ...conditionsRequest,
  })
  .meta({ id: 'NewCodeWord' });
export type CodeWordRequest = z.output<typeof codeWordRequest>;

export const codeWordResponse = z
  .object({
    id: z.uuid(),
    offerId: z.uuid(),
    word: z.string(),
    maxRedemptions: z.int().nullable(),
    uses: z.int(),
    ...conditionsResponse,
  })
  .meta({ id: 'CodeWord' });
export type CodeWordResponse = z.output<typeof codeWordResponse>;

export const codeWordPage = pageResponse(codeWordResponse).meta({ id: 'CodeWordPage' });
export type CodeWordPage = z.output<typeof codeWordPage>;

export function toCodeWordResponse(word: CodeWord): CodeWordResponse {
  return {
    id: word.id,
    offerId: word.offerId,
    word: word.word,
    maxRedemptions: word.maxRedemptions,
    uses: word.uses,
    ...toConditionsResponse(word),
  };
}

export function toCodeWordPage(page: Page<CodeWord>): CodeWordPage {
  return { ...page, items: page.items.map(toCodeWordResponse) };
}
