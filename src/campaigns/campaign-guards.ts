import { conflict, forbidden, type TandemError, unprocessable } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { type CampaignSummary, statusOf } from './domain/campaign.js';
import type { Violation } from './domain/check-agreement.js';

/** Participants who do not lead see the campaign, so they are told no instead of not found. Throws 403. */
export function assertMayLead(principal: Principal, campaign: CampaignSummary): void {
  if (principal.role === 'operator' || principal.partnerId === campaign.leadPartnerId) return;
  throw forbidden('Only the partner that leads the campaign and the operator may do this.');
}

/** Throws 409. */
export function assertNotEnded(campaign: CampaignSummary): void {
  if (statusOf(campaign) === 'ended') throw conflict('campaign.ended', 'The campaign has ended.');
}

/** Throws 422 when there are violations. */
export function assertNone(violations: readonly Violation[]): void {
  const [first, ...others] = violations;
  if (first) throw refusal(first, ...others);
}

/** 422 with the code of the first violation and all places that break the same rule. */
export function refusal(first: Violation, ...others: Violation[]): TandemError {
  const same = [first, ...others].filter(({ code }) => code === first.code);
  const errors = same.map(({ pointer, detail }) => ({ pointer, detail }));
  return unprocessable(first.code, SENTENCES[first.code], errors);
}

const SENTENCES: Record<Violation['code'], string> = {
  'campaign.period': 'The dates of the campaign are not in order.',
  'campaign.terms-fixed': 'This part of the campaign cannot change any more.',
  'campaign.too-large': 'The campaign is too large.',
  'control.duplicate': 'A control channel is named twice.',
  'control.unknown': 'A control channel does not belong to a participant.',
  'currency.mismatch': 'An amount is not in the currency of the campaign.',
  'offer.duplicate': 'An offer is named twice.',
  'offer.parties': 'Issuer and redeemer of an offer must take part in the campaign.',
  'offer.unknown': 'The campaign has no such offer.',
  'participant.duplicate': 'A partner is named twice.',
  'participant.missing': 'A partner is not a participant of the campaign.',
  'participant.unknown': 'A participant is not a partner of this programme.',
  'target.duplicate': 'A metric has two targets.',
};
