import { z } from 'zod';
import { instantResponse, moneyResponse, pageResponse } from '../platform/http/schemas.js';
import type { Page } from '../platform/http/page.js';
import { CAMPAIGN_KINDS, PARTICIPANT_ROLES } from './domain/agreement.js';
import { toBudgetJson } from './domain/budget.js';
import { type Campaign, type CampaignSummary, pendingVersion, statusOf } from './domain/campaign.js';
import { CAMPAIGN_STATUSES } from './domain/campaign-status.js';
import { INCOME_BASES } from './domain/campaign-terms.js';
import { formatShare } from './domain/hold-out-share.js';
import { OVER_LIMIT_BEARERS } from './domain/offer-state.js';
import { formatPercent } from './domain/reward-json.js';
import { TARGET_METRICS, toTargetJson } from './domain/target.js';
import { offerResponse, toOfferResponse } from './offers.dto.js';

const participantResponse = z.object({
  partnerId: z.uuid(),
  role: z.enum(PARTICIPANT_ROLES),
  approvals: z.array(z.object({ version: z.int(), approvedAt: instantResponse() })),
});

const capResponse = z
  .object({ amount: moneyResponse().optional(), redemptions: z.int().optional() })
  .optional();
const budgetResponse = z
  .object({ total: capResponse, perOffer: capResponse, perChannel: capResponse, perDay: capResponse })
  .meta({ id: 'Budget' });

const summaryFields = {
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(CAMPAIGN_KINDS),
  status: z.enum(CAMPAIGN_STATUSES),
  leadPartnerId: z.uuid().nullable().meta({ description: 'null: the operator leads' }),
  currency: z.string(),
  timeZone: z.string(),
  startsOn: z.iso.date(),
  endsOn: z.iso.date(),
  redeemUntil: z.iso.date().nullable(),
  incomeBasis: z.enum(INCOME_BASES),
  newCustomerLookbackDays: z.int(),
  returningAfterDays: z.int(),
  attributionLookbackDays: z.int(),
  reversalPolicy: z.object({
    returnUse: z.enum(['always', 'never', 'void_only']),
    voidMinutes: z.int().optional(),
  }),
  offlinePolicy: z.object({
    mode: z.enum(['refuse', 'accept', 'honour']),
    maxDelayHours: z.int(),
    bearer: z.enum(OVER_LIMIT_BEARERS).optional().meta({ description: 'only with the mode honour' }),
  }),
  budget: budgetResponse.nullable(),
  controlChannels: z.array(z.uuid()),
  reciprocityTolerance: z.string().nullable().meta({ description: 'percent; null: none was agreed' }),
  holdOutShare: z.string().nullable().meta({ description: 'of the customers; null: from nobody' }),
  targets: z.array(
    z.object({ metric: z.enum(TARGET_METRICS), partnerId: z.uuid().optional(), value: z.string() }),
  ),
  termsVersion: z.int().meta({ description: 'the version shown here: the latest, approved or not' }),
  effectiveVersion: z.int().nullable().meta({ description: 'the version in force; null in a draft' }),
  pendingVersion: z.int().nullable().meta({ description: 'the version that waits for approval' }),
  participants: z.array(participantResponse),
  endedAt: instantResponse().nullable(),
  createdAt: instantResponse(),
};
const campaignSummaryResponse = z.object(summaryFields).meta({ id: 'CampaignSummary' });
type CampaignSummaryResponse = z.output<typeof campaignSummaryResponse>;

export const campaignPage = pageResponse(campaignSummaryResponse);
export type CampaignPage = z.output<typeof campaignPage>;

export const campaignResponse = z
  .object({ ...summaryFields, offers: z.array(offerResponse) })
  .meta({ id: 'Campaign' });
export type CampaignResponse = z.output<typeof campaignResponse>;

export function toCampaignResponse(campaign: Campaign): CampaignResponse {
  return { ...toSummaryResponse(campaign), offers: campaign.agreement.offers.map(toOfferResponse) };
}

export function toCampaignPage(page: Page<CampaignSummary>): CampaignPage {
  return { ...page, items: page.items.map(toSummaryResponse) };
}

function toSummaryResponse(campaign: CampaignSummary): CampaignSummaryResponse {
  const { id, leadPartnerId, agreement, latestVersion, effectiveVersion, endedAt, createdAt } = campaign;
  const { name, kind, currency, timeZone, terms } = agreement;
  const { returnUse, voidMinutes } = terms.reversalPolicy;
  return {
    ...{ id, name, kind, status: statusOf(campaign), leadPartnerId, currency, timeZone },
    ...terms,
    reversalPolicy: voidMinutes === null ? { returnUse } : { returnUse, voidMinutes },
    budget: terms.budget && toBudgetJson(terms.budget),
    controlChannels: [...terms.controlChannels],
    reciprocityTolerance: terms.reciprocityTolerance && formatPercent(terms.reciprocityTolerance),
    holdOutShare: terms.holdOutShare && formatShare(terms.holdOutShare),
    targets: terms.targets.map(toTargetJson),
    termsVersion: latestVersion,
    effectiveVersion,
    pendingVersion: pendingVersion(campaign),
    participants: toParticipants(campaign),
    endedAt: endedAt === null ? null : toInstant(endedAt),
    createdAt: toInstant(createdAt),
  };
}

function toParticipants({ agreement, approvals }: CampaignSummary): CampaignResponse['participants'] {
  return agreement.participants.map((participant) => ({
    ...participant,
    approvals: approvals
      .filter(({ partnerId }) => partnerId === participant.partnerId)
      .map(({ version, approvedAt }) => ({ version, approvedAt: toInstant(approvedAt) })),
  }));
}

function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
