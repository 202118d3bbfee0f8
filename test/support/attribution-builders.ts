import type { Tx } from '../../src/platform/database/tx.js';
import { Clock } from '../../src/platform/clock/clock.js';
import type { FactRefs } from '../../src/attribution/domain/merge-refs.js';

/** A code of the programme, with everything it belongs to. */
export interface Code {
  readonly redeemerPartnerId: string;
  readonly campaignId: string;
  readonly offerId: string;
  readonly placementId: string;
  readonly codeId: string;
  readonly kind: 'coupon' | 'code_word';
}

export interface Terms {
  readonly campaignId: string;
  readonly version: number;
  readonly newCustomerLookbackDays: number;
  readonly returningAfterDays: number;
}

export interface Redeemer {
  readonly id: string;
  readonly channelIds: readonly string[];
  readonly codes: readonly Code[];
}

/** Two redeemers that take part in the same two campaigns; see `buildProgramme`. */
export interface Programme {
  readonly redeemers: readonly Redeemer[];
  readonly campaignIds: readonly string[];
  readonly terms: readonly Terms[];
  /** Who issues each offer. */
  readonly issuers: ReadonlyMap<string, string>;
}

export interface RedemptionFact {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly status: 'accepted' | 'refused';
  readonly reason: string | null;
  readonly codeId: string | null;
  readonly offerId: string | null;
  readonly campaignId: string | null;
  readonly placementId: string | null;
  readonly termsVersion: number | null;
  readonly channelId: string;
  readonly customerId: string | null;
  readonly customerStatus: 'new' | 'returning' | null;
  readonly occurredAt: Date;
  readonly day: string | null;
  readonly receiptNumber: string;
  readonly currency: string;
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly costOfGoods: bigint | null;
  readonly giftCost: bigint;
  readonly offline: boolean;
  readonly leakedDiscount: bigint;
  readonly clerk: string | null;
  /** The customer within the campaign, and the click that the till named. */
  readonly matchId?: string;
  readonly clickId?: string;
}

/** A contact that was posted; of a customer nobody knows where `matchId` is null. */
export interface TouchFact {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly campaignId: string;
  readonly offerId: string;
  readonly placementId: string;
  readonly matchId: string | null;
  readonly occurredAt: Date;
}

export interface ReversalFact {
  readonly redeemerPartnerId: string;
  readonly redemptionId: string;
  readonly reversalId: string;
  /** The net total of the redemption. */
  readonly paid: bigint;
  readonly netAmount: bigint;
  readonly discountAmount: bigint;
  readonly completes: boolean;
}

export interface ReceiptFact {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly channelId: string;
  readonly number: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly total: bigint;
  readonly costOfGoods: bigint | null;
  readonly customerId: string | null;
}

/** A reversal that was posted and not applied: its redemption had not arrived, or was just being posted. */
export interface WaitingReversalFact {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly redemptionExternalId: string;
  /** Part of the net total; null for all that is left. */
  readonly amount: bigint | null;
  readonly currency: string | null;
}

export type Fact =
  | { readonly kind: 'redemption'; readonly fact: RedemptionFact }
  | { readonly kind: 'reversal'; readonly fact: ReversalFact }
  | { readonly kind: 'waiting-reversal'; readonly fact: WaitingReversalFact }
  | { readonly kind: 'receipt'; readonly fact: ReceiptFact };

const clock = new Clock();
export const newId = (): string => clock.newId();

const HOUR_MS = 3_600_000;
/** An instant so many hours after midnight (UTC) of 1 June 2026. */
export const hour = (hours: number): Date => new Date(Date.UTC(2026, 5, 1) + hours * HOUR_MS);
/** The instant at noon so many days after 1 June 2026. */
export const noon = (day: number): Date => hour(24 * day + 12);

/**
 * Two redeemers with two channels each, two campaigns with two versions of terms, for each redeemer and campaign two
 * offers, for each offer a coupon and a code word with placements of their own. In the first campaign the other partner
 * issues both offers, in the second the redeemer issues one itself.
 */
export async function buildProgramme(tx: Tx): Promise<Programme> {
  const redeemerIds = [newId(), newId()];
  const channels = await Promise.all(redeemerIds.map((id) => buildPartner(tx, id)));
  const campaignIds = [newId(), newId()];
  const terms = (await Promise.all(campaignIds.map((id) => buildCampaign(tx, id, redeemerIds)))).flat();
  const codes: Code[] = [];
  const issuers = new Map<string, string>();
  for (const campaignId of campaignIds) {
    for (const [index, redeemerId] of [...redeemerIds, ...redeemerIds].entries()) {
      const isOwn = campaignId === campaignIds[1] && index > 1;
      const issuerId = redeemerIds[isOwn ? index % 2 : (index + 1) % 2] ?? '';
      const made = await buildOffer(tx, campaignId, { issuerId, redeemerId }, index + 1);
      issuers.set(made[0]?.offerId ?? '', issuerId);
      codes.push(...made);
    }
  }
  const redeemers = redeemerIds.map((id, index) => ({
    id,
    channelIds: channels[index] ?? [],
    codes: codes.filter((code) => code.redeemerPartnerId === id),
  }));
  return { redeemers, campaignIds, terms, issuers };
}

/** An accepted redemption of a code at noon of 1 June 2026: 100.00 less 10.00, of a customer nobody knows. */
export function aRedemption(
  redeemer: Redeemer,
  code: Code,
  overrides: Partial<RedemptionFact> = {},
): RedemptionFact {
  const occurredAt = overrides.occurredAt ?? noon(0);
  return {
    ...{ id: newId(), redeemerPartnerId: code.redeemerPartnerId, status: 'accepted', reason: null },
    ...{
      codeId: code.codeId,
      offerId: code.offerId,
      campaignId: code.campaignId,
      placementId: code.placementId,
    },
    ...{ termsVersion: 1, channelId: redeemer.channelIds[0] ?? '', customerId: null, customerStatus: null },
    ...{ occurredAt, day: occurredAt.toISOString().slice(0, 10), receiptNumber: newId() },
    ...{ currency: 'EUR', subtotal: 10_000n, discount: 1_000n, costOfGoods: null, giftCost: 0n },
    ...{ offline: false, leakedDiscount: 0n, clerk: null },
    ...overrides,
  };
}

/** A reversal of all of a redemption, or of part of it when the amounts are given. */
export function aReversal(redemption: RedemptionFact, overrides: Partial<ReversalFact> = {}): ReversalFact {
  const paid = redemption.subtotal - redemption.discount;
  return {
    ...{ redeemerPartnerId: redemption.redeemerPartnerId, redemptionId: redemption.id, reversalId: newId() },
    ...{ paid, netAmount: paid, discountAmount: redemption.discount, completes: true },
    ...overrides,
  };
}

/** A reversal of all of a redemption, or of an amount, that somebody still has to apply. */
export function aWaitingReversal(
  redemption: RedemptionFact,
  amount: bigint | null = null,
  currency = redemption.currency,
): WaitingReversalFact {
  const { redeemerPartnerId, id: redemptionExternalId } = redemption;
  const money = { amount, currency: amount === null ? null : currency };
  return { id: newId(), redeemerPartnerId, redemptionExternalId, ...money };
}

/** A receipt of 80.00 at noon of 1 June 2026, of a customer nobody knows. */
export function aReceipt(redeemer: Redeemer, overrides: Partial<ReceiptFact> = {}): ReceiptFact {
  return {
    ...{
      id: newId(),
      redeemerPartnerId: redeemer.id,
      channelId: redeemer.channelIds[0] ?? '',
      number: newId(),
    },
    ...{ occurredAt: noon(0), recordedAt: noon(0), total: 8_000n, costOfGoods: null, customerId: null },
    ...overrides,
  };
}

/** Writes a fact as the feature that records it would. */
export async function record(tx: Tx, { kind, fact }: Fact): Promise<void> {
  if (kind === 'reversal') {
    const { paid, ...application } = fact;
    const netRemaining = fact.completes ? 0n : paid - fact.netAmount;
    await insert(tx, 'reversal_applications', { ...application, netRemaining, useReturned: fact.completes });
    return;
  }
  const common = { externalId: fact.id, fingerprint: FINGERPRINT };
  if (kind === 'waiting-reversal') {
    const post = { reason: 'return', occurredAt: noon(0), receivedAt: noon(0) };
    await insert(tx, 'reversals', { ...fact, ...common, ...post });
    return;
  }
  if (kind === 'receipt') {
    await insert(tx, 'receipts', { ...fact, ...common, day: fact.occurredAt });
    return;
  }
  const { occurredAt: receivedAt, discount: computedDiscount } = fact;
  const rest = { receivedAt, computedDiscount, typedCode: 'CODE' };
  // Nothing here has counted a use, so a reversal must not give one back.
  const uncounted = { honouredOverLimit: true, overLimitBearer: 'redeemer' };
  await insert(tx, 'redemptions', { ...fact, ...common, ...rest, ...uncounted });
}

/** A touch of the placement of a code, posted by its redeemer. */
export async function recordTouch(
  tx: Tx,
  { redeemerPartnerId, campaignId, offerId, placementId }: Code,
  fields: Pick<TouchFact, 'occurredAt'> & Partial<TouchFact>,
): Promise<TouchFact> {
  const id = newId();
  const place = { redeemerPartnerId, campaignId, offerId, placementId };
  const touch: TouchFact = { id, ...place, matchId: null, ...fields };
  const post = { posterPartnerId: redeemerPartnerId, externalId: id, fingerprint: FINGERPRINT };
  await insert(tx, 'touches', { ...touch, ...post, kind: 'visit' });
  return touch;
}

/** A coupon given to somebody, with an issuance of its own. */
export async function recordIssuance(
  tx: Tx,
  { redeemerPartnerId, campaignId, offerId, placementId, codeId }: Code,
  channelId: string,
  fields: { readonly matchId: string | null; readonly issuedAt: Date },
): Promise<void> {
  const id = newId();
  const place = { redeemerPartnerId, campaignId, offerId, placementId, codeId, channelId };
  const post = { issuerPartnerId: redeemerPartnerId, externalId: id, fingerprint: FINGERPRINT };
  await insert(tx, 'issuances', {
    id,
    ...place,
    ...post,
    termsVersion: 1,
    expiresAt: hour(24 * 92),
    ...fields,
  });
}

/** How the outbox names a fact. */
export function refsOf({ kind, fact }: Fact): FactRefs {
  if (kind === 'receipt') return { receipts: { [fact.redeemerPartnerId]: [fact.id] } };
  if (kind === 'waiting-reversal') return { reversals: { [fact.redeemerPartnerId]: [fact.id] } };
  const id = kind === 'reversal' ? fact.redemptionId : fact.id;
  return { redemptions: { [fact.redeemerPartnerId]: [id] } };
}

const FINGERPRINT = Buffer.from('fingerprint');

async function buildPartner(tx: Tx, id: string): Promise<string[]> {
  const place = { country: 'DE', currency: 'EUR', timeZone: 'UTC' };
  await insert(tx, 'partners', { id, name: 'Gym', ...place, customerKey: FINGERPRINT });
  const channelIds = [newId(), newId()];
  for (const channelId of channelIds) {
    await insert(tx, 'channels', { id: channelId, partnerId: id, kind: 'pos', name: 'Till' });
  }
  return channelIds;
}

async function buildCampaign(tx: Tx, id: string, partnerIds: readonly string[]): Promise<Terms[]> {
  await insert(tx, 'campaigns', { id, name: 'Summer', kind: 'tactical', currency: 'EUR', timeZone: 'UTC' });
  for (const partnerId of partnerIds) {
    await insert(tx, 'campaign_participants', { campaignId: id, partnerId, role: 'equal' });
  }
  const versions: Terms[] = [
    { campaignId: id, version: 1, newCustomerLookbackDays: 30, returningAfterDays: 10 },
    { campaignId: id, version: 2, newCustomerLookbackDays: 5, returningAfterDays: 0 },
  ];
  const dates = {
    startsOn: '2026-06-01',
    endsOn: '2026-08-31',
    startsAt: hour(0),
    redeemBefore: hour(24 * 92),
  };
  const rules = {
    incomeBasis: 'revenue',
    returnUse: 'always',
    offlineMode: 'accept',
    offlineMaxDelayHours: 72,
  };
  for (const terms of versions) await insert(tx, 'campaign_terms', { ...terms, ...dates, ...rules });
  return versions;
}

async function buildOffer(
  tx: Tx,
  campaignId: string,
  { issuerId, redeemerId: redeemerPartnerId }: { readonly issuerId: string; readonly redeemerId: string },
  position: number,
): Promise<Code[]> {
  const offerId = newId();
  await insert(tx, 'offers', {
    id: offerId,
    campaignId,
    issuerPartnerId: issuerId,
    redeemerPartnerId,
    position,
  });
  const codes = (['coupon', 'code_word'] as const).map((kind): Code => ({
    redeemerPartnerId,
    campaignId,
    offerId,
    placementId: newId(),
    codeId: newId(),
    kind,
  }));
  for (const { placementId, codeId, kind } of codes) {
    await insert(tx, 'placements', { id: placementId, offerId, label: kind });
    const batchId = kind === 'coupon' ? newId() : null;
    const owner = { redeemerPartnerId, offerId, placementId };
    if (batchId)
      await insert(tx, 'coupon_batches', { id: batchId, ...owner, quantity: 1, pattern: '#', shape: {} });
    await insert(tx, 'codes', { id: codeId, ...owner, kind, codeKey: codeId, display: codeId, batchId });
  }
  return codes;
}

async function insert(tx: Tx, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row).map((name) =>
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  const places = columns.map((_, index) => `$${index + 1}`);
  await tx.execute(
    `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  );
}
