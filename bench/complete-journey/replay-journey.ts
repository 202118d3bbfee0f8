import type { CreditsAnswer } from '../../src/credits/domain/credits-answer.js';
import {
  allTaken,
  type BatchAnswer,
  type IssuedKey,
  type RedemptionAnswer,
} from '../../src/demo/api-answers.js';
import type { ApiClient } from '../../src/demo/api-client.js';
import { waitUntil } from '../../src/demo/wait-until.js';
import type { ReportAnswer } from '../../src/reports/domain/report-answer.js';
import { buildItems, type RedemptionItem, type StoreDay, sumStoreDays } from './build-items.js';
import { type CampaignPlan, planCampaigns } from './plan-campaigns.js';
import { postMailings } from './post-mailings.js';
import type { Journey } from './read-journey.js';
import { type Programme, setUpProgramme } from './set-up-programme.js';

export interface ReplayedCampaign {
  readonly plan: CampaignPlan;
  readonly id: string;
  /** Of the campaign's days in the data, by offer. */
  readonly report: ReportAnswer;
  /** Of the same days, by issuer. */
  readonly credits: CreditsAnswer;
}

export interface Replay {
  readonly campaigns: readonly ReplayedCampaign[];
  readonly results: readonly RedemptionAnswer[];
  /** How many redemptions had been posted by an earlier replay. */
  readonly replayed: number;
}

type Tell = (step: string) => void;

const REDEMPTIONS_PER_POST = 500;
const TOTALS_PER_PUT = 1_000;
const TELL_EVERY = 5_000;
const ATTRIBUTED_WITHIN_MS = 300_000;

/** Drives the whole data through the HTTP API, as its README says. Running it again changes no figure. */
export async function replayJourney(operator: ApiClient, journey: Journey, tell: Tell): Promise<Replay> {
  const plans = planCampaigns(journey);
  const storeDays = sumStoreDays(journey.receipts);
  const stores = [...new Set(storeDays.map(({ store }) => store))].sort();
  const programme = await setUpProgramme(operator, plans, stores, tell);
  const { results, replayed } = await withTillKey(operator, programme.hypermarketId, async (till) => {
    await putTotals(till, storeDays, programme, tell);
    tell(`mailings: ${await postMailings(till, journey.mailings, plans, programme)}`);
    return postRedemptions(till, buildItems(journey), programme, tell);
  });
  tell('waiting until every redemption is attributed');
  const campaigns: ReplayedCampaign[] = [];
  for (const plan of plans) {
    const id = programme.campaignIds.get(plan.id) ?? '';
    const report = await attributedReport(operator, id, plan, acceptedOf(results, id));
    campaigns.push({ plan, id, report, credits: await creditsOf(operator, id, plan) });
  }
  return { campaigns, results, replayed };
}

/** Keys are shown once, so each replay has its own and takes it back at the end. */
async function withTillKey<T>(
  operator: ApiClient,
  partnerId: string,
  work: (till: ApiClient) => Promise<T>,
): Promise<T> {
  const path = `/v1/partners/${partnerId}/api-keys`;
  const { id, key } = await operator.post<IssuedKey>(path, { role: 'pos', label: 'replay' });
  try {
    return await work(operator.as(key));
  } finally {
    await operator.delete(`${path}/${id}`);
  }
}

async function putTotals(
  till: ApiClient,
  storeDays: readonly StoreDay[],
  { channelIds }: Programme,
  tell: Tell,
): Promise<void> {
  for (let start = 0; start < storeDays.length; start += TOTALS_PER_PUT) {
    const items = storeDays
      .slice(start, start + TOTALS_PER_PUT)
      .map(({ store, ...day }) => ({ channelId: channelIds.get(store), ...day }));
    await till.put('/v1/receipt-totals', { items });
    const done = start + items.length;
    if (done % TELL_EVERY === 0 || done === storeDays.length)
      tell(`receipt totals: ${done} of ${storeDays.length} store-days`);
  }
}

async function postRedemptions(
  till: ApiClient,
  redemptions: readonly RedemptionItem[],
  { channelIds }: Programme,
  tell: Tell,
): Promise<Pick<Replay, 'results' | 'replayed'>> {
  const results: RedemptionAnswer[] = [];
  let replayed = 0;
  for (let start = 0; start < redemptions.length; start += REDEMPTIONS_PER_POST) {
    const items = redemptions
      .slice(start, start + REDEMPTIONS_PER_POST)
      .map(({ store, ...item }) => ({ channelId: channelIds.get(store), ...item }));
    const answer = await till.send<BatchAnswer<RedemptionAnswer>>('POST', '/v1/redemptions/batch', {
      body: { items },
    });
    results.push(...allTaken(answer.body));
    if (answer.isReplay) replayed += items.length;
    tell(`redemptions: ${results.length} of ${redemptions.length}, ${replayed} of them replayed`);
  }
  return { results, replayed };
}

function acceptedOf(results: readonly RedemptionAnswer[], campaign: string): number {
  return results.filter(({ status, campaignId }) => status === 'accepted' && campaignId === campaign).length;
}

/** The report of the campaign's days in the data, as soon as it has every accepted redemption. */
async function attributedReport(
  operator: ApiClient,
  campaignId: string,
  { id, window: { from, to } }: CampaignPlan,
  accepted: number,
): Promise<ReportAnswer> {
  const path = `/v1/campaigns/${campaignId}/report?from=${from}&to=${to}&groupBy=offer`;
  let report = await operator.get<ReportAnswer>(path);
  const isAttributed = async (): Promise<boolean> => {
    if (acceptedIn(report) === accepted) return true;
    report = await operator.get<ReportAnswer>(path);
    return false;
  };
  await waitUntil(isAttributed, ATTRIBUTED_WITHIN_MS, () => {
    return `campaign ${id} has ${acceptedIn(report)} of ${accepted} redemptions; is a worker running?`;
  });
  return report;
}

function creditsOf(
  operator: ApiClient,
  id: string,
  { window: { from, to } }: CampaignPlan,
): Promise<CreditsAnswer> {
  return operator.get(`/v1/campaigns/${id}/attribution?from=${from}&to=${to}&groupBy=partner`);
}

function acceptedIn({ figures: { acceptedRedemptions } }: ReportAnswer): number {
  return 'value' in acceptedRedemptions ? Number(acceptedRedemptions.value) : 0;
}
