import { Injectable } from '@nestjs/common';
import { CampaignReadModel, type OfferForCodes } from '../campaigns/campaign.read-model.js';
import { conflict, notFound, type TandemError, unprocessable } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { CodeConditionsCheck, type NewCodeConditions } from './code-conditions.js';
import { type CodeWord, CodeWordRepository } from './code-word.repository.js';
import { parseCodeKey } from './domain/code-key.js';
import { OfferAccess } from './offer-access.js';

export interface CodeWordProposal extends NewCodeConditions {
  readonly word: string;
  readonly maxRedemptions: number | null;
}

@Injectable()
export class CodeWordsService {
  constructor(
    private readonly database: Database,
    private readonly access: OfferAccess,
    private readonly conditions: CodeConditionsCheck,
    private readonly words: CodeWordRepository,
    private readonly campaigns: CampaignReadModel,
    private readonly clock: Clock,
  ) {}

  /** Adds a word that customers share. Throws 422 when nobody could type it, 409 when a till would mistake it for another. */
  async create(principal: Principal, offerId: string, proposal: CodeWordProposal): Promise<CodeWord> {
    return this.database.transaction(async (tx) => {
      const offer = await this.access.asIssuer(tx, principal, offerId);
      const codeKey = usableKey(proposal.word);
      const { redeemerPartnerId, campaignId, timeZone } = offer;
      const conditions = await this.conditions.settle(tx, offer, proposal);
      await this.words.letGoOfKey(tx, redeemerPartnerId, codeKey, campaignId);
      const { word, maxRedemptions } = proposal;
      const made = { id: this.clock.newId(), offerId, word, maxRedemptions, timeZone, ...conditions };
      const createdAt = await this.words.insert(tx, { ...made, redeemerPartnerId, codeKey });
      if (!createdAt) throw await this.clash(tx, principal, offer, codeKey);
      return { ...made, uses: 0, revokedAt: null, createdAt };
    });
  }

  async list(principal: Principal, offerId: string, page: PageRequest): Promise<Page<CodeWord>> {
    return this.database.read(async (tx) => {
      await this.access.asParty(tx, principal, offerId);
      return this.words.list(tx, offerId, page);
    });
  }

  /** From now on the word is refused, and another may take its place. Repeating it changes nothing. */
  async revoke(principal: Principal, offerId: string, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.access.asIssuer(tx, principal, offerId);
      if (!(await this.words.revoke(tx, offerId, id))) throw notFound();
    });
  }

  /** Names the code in the way, but to outsiders of its campaign only says that there is one; coupons are never named. */
  private async clash(
    tx: Tx,
    principal: Principal,
    offer: OfferForCodes,
    codeKey: string,
  ): Promise<TandemError> {
    const taken = 'This word, or one that tills cannot tell from it, is taken at the redeemer';
    const holder = await this.words.findHolder(tx, offer.redeemerPartnerId, codeKey);
    const isVisible = holder && (await this.campaigns.visibleOffer(tx, principal, holder.offerId));
    if (!isVisible) return conflict('code-word.clash', `${taken}.`);
    const { word, kind, ...where } = holder;
    const what = kind === 'code_word' ? `"${word}"` : 'a coupon';
    const clash = { ...where, ...(kind === 'code_word' && { word }) };
    return conflict('code-word.clash', `${taken} by ${what} of the campaign "${holder.campaignName}".`, {
      clash,
    });
  }
}

/** At least one letter: clerks and customers type bare numbers for many other things. */
function usableKey(word: string): string {
  const key = parseCodeKey(word);
  if (key !== null && /\p{L}/u.test(key)) return key;
  throw unprocessable('code-word.unusable', 'This cannot be a code word.', [
    {
      pointer: '/word',
      detail:
        'must have letters and digits only, at least one letter and at most 64 characters without separators',
    },
  ]);
}
