import { addDays } from '../kernel/period.js';
import type { CampaignAnswer } from './api-answers.js';
import type { ApiClient } from './api-client.js';
import { euros } from './demo-money.js';
import type { DemoNotebook } from './demo-notes.js';
import * as story from './demo-story.js';
import type { PartnersInPlace } from './set-up-partners.js';

export interface CampaignInPlace {
  readonly campaignId: string;
  readonly offerIds: Readonly<Record<story.OfferName, string>>;
}

/** An interrupted first start may be gone on with for days, and the story is two weeks long. */
const MAX_DELAY_HOURS = 24 * 45;

/** Proposes the campaign and has every partner approve it; both only once, however often this runs. */
export async function setUpCampaign(
  operator: ApiClient,
  { partnerIds }: PartnersInPlace,
  notebook: DemoNotebook,
  today: string,
): Promise<CampaignInPlace> {
  const proposal = {
    ...{ name: 'Fit and fresh', kind: 'tactical', currency: story.CURRENCY, timeZone: story.TIME_ZONE },
    startsOn: addDays(today, -story.DAYS_SINCE_START),
    endsOn: addDays(today, story.DAYS_LEFT),
    ...{ incomeBasis: 'margin', newCustomerLookbackDays: 180, returningAfterDays: 21 },
    offlinePolicy: { mode: 'accept', maxDelayHours: MAX_DELAY_HOURS },
    participants: story.PARTNER_NAMES.map((partner) => ({
      partnerId: partnerIds[partner],
      role: story.PARTNERS[partner].role,
    })),
    offers: story.OFFER_NAMES.map((name) => toOffer(story.OFFERS[name], partnerIds)),
  };
  const { id, offers } = await operator.post<CampaignAnswer>('/v1/campaigns', proposal, 'demo/campaign');
  for (const partner of story.PARTNER_NAMES) {
    const admin = operator.as(notebook.current.keys?.[`${partner} admin`] ?? '');
    await admin.post(`/v1/campaigns/${id}/approvals`, { version: 1 }, 'demo/approval');
  }
  const offerIds = story.OFFER_NAMES.map((name, index) => [name, offers[index]?.id ?? '']);
  return {
    campaignId: id,
    offerIds: Object.fromEntries(offerIds) as Record<story.OfferName, string>,
  };
}

type OfferPlan = (typeof story.OFFERS)[story.OfferName];

function toOffer(
  { issuer, redeemer, reward, minimumSpend, maximumDiscount }: OfferPlan,
  partnerIds: PartnersInPlace['partnerIds'],
) {
  return {
    issuerPartnerId: partnerIds[issuer],
    redeemerPartnerId: partnerIds[redeemer],
    reward:
      'percent' in reward
        ? { kind: 'percent', value: String(reward.percent) }
        : { kind: 'amount', value: euros(reward.amount) },
    ...(minimumSpend !== null && { minimumSpend: euros(minimumSpend) }),
    ...(maximumDiscount !== null && { maximumDiscount: euros(maximumDiscount) }),
  };
}

/** Money spent and planned. */
export async function recordCosts(
  operator: ApiClient,
  { campaignId }: CampaignInPlace,
  { partnerIds }: PartnersInPlace,
  today: string,
): Promise<void> {
  for (const [index, { category, payer, amount, day, planned }] of story.COSTS.entries()) {
    const incurredOn = addDays(today, day - story.DAYS_SINCE_START);
    const entry = { category, payerPartnerId: partnerIds[payer], amount: euros(amount), incurredOn, planned };
    await operator.post(`/v1/campaigns/${campaignId}/costs`, entry, `demo/cost/${index}`);
  }
}
