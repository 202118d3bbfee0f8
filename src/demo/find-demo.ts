import { daysBetween, localDate } from '../kernel/period.js';
import { type ApiClient, ApiError } from './api-client.js';
import type { DemoNotebook } from './demo-notes.js';
import { PARTNER_NAMES, PARTNERS, TIME_ZONE } from './demo-story.js';

export type DemoState =
  | { readonly kind: 'complete' }
  /** `today` is the day it was when the set-up began. */
  | { readonly kind: 'to-do'; readonly operatorKey: string; readonly today: string }
  | { readonly kind: 'left-alone'; readonly why: string };

export interface KnownOperatorKeys {
  /** Made by this start. */
  readonly made: string | undefined;
  readonly configured: string | undefined;
}

/** Idempotency keys are promised for seven days; later the same steps would make a second alliance. */
const GOES_ON_WITHIN_DAYS = 6;

/** Whether the demo is there, is to be set up (or gone on with), or has no business in this database. */
export async function findDemo(
  api: ApiClient,
  notebook: DemoNotebook,
  keys: KnownOperatorKeys,
  nowMs: number,
): Promise<DemoState> {
  if (await isComplete(api, notebook)) return { kind: 'complete' };
  const found = await findOperator(api, [keys.made, keys.configured, notebook.current.operatorKey]);
  if (!found) return leftAlone('the operator key is not known here; OPERATOR_KEY can set another');
  const { operatorKey, partners } = found;
  const now = localDate(nowMs, TIME_ZONE);
  if (partners.length === 0) {
    // Whatever was noted here belongs to another database.
    notebook.replace({ ...(operatorKey !== keys.configured && { operatorKey }), today: now });
    return { kind: 'to-do', operatorKey, today: now };
  }
  const { today } = notebook.current;
  if (today === undefined || !partners.every(isOurs)) return leftAlone('there are partners already');
  if (daysBetween(today, now) > GOES_ON_WITHIN_DAYS)
    return leftAlone(`its set-up was broken off on ${today}, too long ago to go on`);
  return { kind: 'to-do', operatorKey, today };
}

function leftAlone(why: string): DemoState {
  return { kind: 'left-alone', why };
}

/** The notes may be of another database: only its report proves that the demo is in this one. */
async function isComplete(api: ApiClient, { current }: DemoNotebook): Promise<boolean> {
  const { campaignId, keys, isComplete: isNoted } = current;
  if (!isNoted || campaignId === undefined) return false;
  const admin = api.as(keys?.['gym admin'] ?? '');
  return (await unlessRefused(admin.get(`/v1/campaigns/${campaignId}`))) !== undefined;
}

interface NamedPartner {
  readonly name: string;
}

async function findOperator(
  api: ApiClient,
  candidates: readonly (string | undefined)[],
): Promise<{ operatorKey: string; partners: readonly NamedPartner[] } | undefined> {
  for (const operatorKey of candidates) {
    if (operatorKey === undefined) continue;
    const list = api.as(operatorKey).get<{ items: NamedPartner[] }>('/v1/partners?limit=10');
    const page = await unlessRefused(list);
    if (page) return { operatorKey, partners: page.items };
  }
  return undefined;
}

function isOurs({ name }: NamedPartner): boolean {
  return PARTNER_NAMES.some((partner) => PARTNERS[partner].name === name);
}

/** A key of another database is unknown here, and so are its ids. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && [401, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}
