import { allTaken, type BatchAnswer, type Created, type RedemptionAnswer } from './api-answers.js';
import type { ApiClient } from './api-client.js';
import type { History } from './demo-history.js';
import { euros } from './demo-money.js';
import type { DemoNotes } from './demo-notes.js';
import type { SingleReceipt } from './demo-receipts.js';
import { CHANNELS, type PartnerName, PARTNER_NAMES } from './demo-story.js';
import type { Visit } from './demo-visits.js';
import type { PartnersInPlace } from './set-up-partners.js';

/** What became of the attempts. */
export interface Tally {
  readonly accepted: number;
  /** How many of each reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** The most items a batch may have. */
const BATCH = 1_000;

/** Plays the part of the partners' tills. */
export class DemoTills {
  private readonly tills: Readonly<Record<PartnerName, ApiClient>>;

  constructor(
    api: ApiClient,
    notes: DemoNotes,
    private readonly places: PartnersInPlace,
  ) {
    const till = (partner: PartnerName) => api.as(notes.keys?.[`${partner} pos`] ?? '');
    this.tills = { gym: till('gym'), cafe: till('cafe'), market: till('market') };
  }

  /** One upload per partner and day, as tills do that were offline, in the order of the days. */
  async redeem(visits: readonly Visit[]): Promise<Tally> {
    const refused = new Map<string, number>();
    let accepted = 0;
    for (const upload of uploadsOf(visits)) {
      for (const { status, reason = '' } of await this.upload(upload)) {
        if (status === 'accepted') accepted += 1;
        else refused.set(reason, (refused.get(reason) ?? 0) + 1);
      }
    }
    return { accepted, refused };
  }

  async reverse(reversals: History['reversals']): Promise<void> {
    for (const { redeemer, occurredAt, ...reversal } of reversals) {
      await this.tills[redeemer].post('/v1/reversals', { ...reversal, occurredAt: toInstant(occurredAt) });
    }
  }

  async postReceipts(receipts: readonly SingleReceipt[]): Promise<void> {
    for (const partner of PARTNER_NAMES) {
      const items = receipts
        .filter((receipt) => receipt.partner === partner)
        .map((receipt) => this.toReceipt(receipt));
      for (let start = 0; start < items.length; start += BATCH) {
        const body = { items: items.slice(start, start + BATCH) };
        allTaken(await this.tills[partner].post<BatchAnswer<Created>>('/v1/receipts/batch', body));
      }
    }
  }

  async putTotals(totals: History['totals']): Promise<void> {
    for (const partner of PARTNER_NAMES) {
      const items = totals
        .filter(({ channel }) => CHANNELS[channel].partner === partner)
        .map(({ channel, date, receipts, revenue }) => {
          return { channelId: this.places.channelIds[channel], date, receipts, revenue: euros(revenue) };
        });
      await this.tills[partner].put('/v1/receipt-totals', { items });
    }
  }

  private async upload(visits: readonly [Visit, ...Visit[]]): Promise<RedemptionAnswer[]> {
    const items = visits.map((visit) => this.toItem(visit));
    const till = this.tills[visits[0].redeemer];
    return allTaken(await till.post<BatchAnswer<RedemptionAnswer>>('/v1/redemptions/batch', { items }));
  }

  private toItem({ externalId, code, channel, occurredAt, receiptNumber, subtotal, customer, claim }: Visit) {
    return {
      ...{ externalId, code, channelId: this.places.channelIds[channel], offline: true },
      occurredAt: toInstant(occurredAt),
      receipt: { number: receiptNumber, subtotal: euros(subtotal) },
      ...(customer !== null && { customer: { reference: customer } }),
      ...(claim !== null && { customerStatus: claim }),
    };
  }

  private toReceipt({ externalId, channel, number, occurredAt, total, customer }: SingleReceipt) {
    return {
      ...{ externalId, channelId: this.places.channelIds[channel], number },
      ...{ occurredAt: toInstant(occurredAt), total: euros(total) },
      ...(customer !== null && { customer: { reference: customer } }),
    };
  }
}

function uploadsOf(visits: readonly Visit[]): [Visit, ...Visit[]][] {
  const uploads = new Map<string, [Visit, ...Visit[]]>();
  for (const visit of visits) {
    const key = `${visit.day} ${visit.redeemer}`;
    const upload = uploads.get(key);
    if (upload) upload.push(visit);
    else uploads.set(key, [visit]);
  }
  return [...uploads.values()];
}

function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
